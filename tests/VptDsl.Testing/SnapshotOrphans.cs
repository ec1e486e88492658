using System.Reflection;
using System.Runtime.CompilerServices;

namespace VptDsl.Testing;

/// <summary>Finds verified files whose test is gone: nothing would ever read them again.</summary>
public static class SnapshotOrphans
{
    /// <summary>The verified files of a test project that no test of it can own.</summary>
    /// <param name="tests">The test project's assembly.</param>
    /// <param name="anyTestFile">Filled in by the compiler; a source file of the project.</param>
    /// <returns>Their full paths, sorted.</returns>
    public static IReadOnlyList<string> Find(Assembly tests, [CallerFilePath] string anyTestFile = "")
    {
        HashSet<string> owners =
        [
            .. from type in tests.GetTypes()
               from method in type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly)
               select $"{type.Name}.{method.Name}",
        ];
        return Find(ProjectFolder(anyTestFile), owners);
    }

    /// <summary>A verified file is owned when its class lies beside it and has its method.</summary>
    internal static IReadOnlyList<string> Find(string projectFolder, IReadOnlySet<string> owners) =>
    [
        .. Directory.EnumerateFiles(projectFolder, "*.verified.*", SearchOption.AllDirectories)
            .Where(path => !IsOwned(path, owners))
            .Order(StringComparer.Ordinal),
    ];

    private static bool IsOwned(string path, IReadOnlySet<string> owners)
    {
        string[] words = Path.GetFileName(path).Split('.');
        return words.Length > 3
            && owners.Contains($"{words[0]}.{words[1]}")
            && File.Exists(Path.Combine(Path.GetDirectoryName(path)!, words[0] + ".cs"));
    }

    private static string ProjectFolder(string file)
    {
        DirectoryInfo? folder = new FileInfo(file).Directory;
        while (folder is not null && folder.GetFiles("*.csproj").Length == 0)
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"No project file was found above '{file}'.");
    }
}
