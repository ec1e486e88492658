using System.Reflection;

namespace VptDsl.Common;

/// <summary>The version of the library. All packages of a build have it.</summary>
internal static class LibraryVersion
{
    /// <summary>With the commit where it is known: with another one, other bits may be computed.</summary>
    public static string Text { get; } =
        typeof(LibraryVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>As packages have it, for instance 0.1.0.</summary>
    public static string OfPackages { get; } = Text.Split('+')[0];
}
