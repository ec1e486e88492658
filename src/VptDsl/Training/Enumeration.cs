namespace VptDsl.Training;

/// <summary>Checks settings that are one of a few.</summary>
internal static class Enumeration
{
    /// <summary>What a value must be that is none of its type's; null where it is one.</summary>
    public static string? Requirement<T>(T value)
        where T : struct, Enum =>
        Enum.IsDefined(value) ? null : $"must be one of {string.Join(", ", Enum.GetNames<T>())}";
}
