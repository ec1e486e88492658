using System.Globalization;

namespace VptDsl.Tests;

/// <summary>How many damaged inputs a test tries: as many as it says itself, or as many as VPTDSL_FUZZ says in the environment.</summary>
internal static class Fuzzing
{
    private static readonly string? Asked = Environment.GetEnvironmentVariable("VPTDSL_FUZZ");

    /// <summary>Whether more was asked for than every run tries.</summary>
    public static bool IsThorough => Asked is not null;

    /// <summary>How many inputs to try.</summary>
    public static int Trials(int usual) => Asked is null ? usual : int.Parse(Asked, CultureInfo.InvariantCulture);
}
