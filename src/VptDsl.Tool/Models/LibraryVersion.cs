using System.Reflection;

namespace VptDsl.Tool.Models;

/// <summary>The version of the library that models are compiled against.</summary>
internal static class LibraryVersion
{
    /// <summary>As packages have it, for instance 0.1.0.</summary>
    public static string Text { get; } =
        typeof(Tuner).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
