using System.Reflection;

namespace VptDsl.Orleans;

/// <summary>The version that all of a cluster must have: another may compute other bits, or understand other messages.</summary>
internal static class LibraryVersion
{
    /// <summary>As packages have it, with the commit where it is known.</summary>
    public static string Text { get; } =
        typeof(LibraryVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
