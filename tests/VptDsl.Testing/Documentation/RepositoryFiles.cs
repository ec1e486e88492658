using System.Runtime.CompilerServices;

namespace VptDsl.Testing.Documentation;

/// <summary>Reads files of the repository that tests compare with the code.</summary>
internal static class RepositoryFiles
{
    private static readonly string Root = FindRoot();

    /// <summary>The pages that lie in the root or in docs itself, from the root.</summary>
    public static IReadOnlyList<string> Pages =>
    [
        .. NamesIn("", "*.md").Order(StringComparer.Ordinal).Select(name => $"{name}.md"),
        .. NamesIn("docs", "*.md").Order(StringComparer.Ordinal).Select(name => $"docs/{name}.md"),
    ];

    /// <summary>What readers follow today: pages and readmes of folders, but not the changelog, which tells of the past too.</summary>
    public static IReadOnlyList<string> Guides => [.. Pages.Where(page => page != "CHANGELOG.md"), .. Readmes];

    /// <summary>The readmes of samples, tests and what else has one.</summary>
    public static IReadOnlyList<string> Readmes =>
    [
        .. PathsIn("README.md", "generators", "samples", "src", "tests").Order(StringComparer.Ordinal),
    ];

    /// <summary>The pages of diagnostics and of decisions.</summary>
    public static IReadOnlyList<string> DiagnosticPages =>
    [
        .. new[] { "docs/diagnostics", "docs/decisions" }.SelectMany(
            folder => NamesIn(folder, "*.md").Order(StringComparer.Ordinal).Select(name => $"{folder}/{name}.md")),
    ];

    /// <summary>All C# files that somebody writes, from the root: no snapshots of what is generated.</summary>
    public static IEnumerable<string> SourcePaths => PathsIn("*.cs", "generators", "samples", "src", "tests")
        .Where(path => !path.EndsWith(".verified.cs", StringComparison.Ordinal))
        .Where(path => !path.EndsWith(".received.cs", StringComparison.Ordinal));

    /// <summary>The files of some folders whose names fit a pattern, from the root.</summary>
    public static IEnumerable<string> PathsIn(string pattern, params string[] folders) =>
        from folder in folders
        from path in Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
        select Path.GetRelativePath(Root, path).Replace('\\', '/');

    public static bool Exists(string path) => File.Exists(Path.Combine(Root, path));

    public static bool FolderExists(string path) => Directory.Exists(Path.Combine(Root, path));

    /// <summary>The texts of all C# files under a folder.</summary>
    public static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText);

    public static void Write(string path, string text) => File.WriteAllText(Path.Combine(Root, path), text);

    /// <summary>Where a file of the repository lies on this machine.</summary>
    public static string FullPath(string path) => Path.Combine(Root, path);

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path)).ReplaceLineEndings("\n");

    public static IEnumerable<string> NamesIn(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern).Select(p => Path.GetFileNameWithoutExtension(p)!);

    /// <summary>The C# examples of a Markdown text under a heading, or all of them.</summary>
    public static IReadOnlyList<string> Examples(string markdown, string? heading = null)
    {
        const string Open = "```csharp\n";
        string text = heading is null ? markdown : markdown[markdown.IndexOf($"\n## {heading}\n", StringComparison.Ordinal)..];
        var examples = new List<string>();
        for (int start = text.IndexOf(Open, StringComparison.Ordinal); start >= 0;
            start = text.IndexOf(Open, start, StringComparison.Ordinal))
        {
            start += Open.Length;
            examples.Add(text[start..text.IndexOf("```", start, StringComparison.Ordinal)]);
        }

        return examples;
    }

    private static string FindRoot([CallerFilePath] string file = "")
    {
        DirectoryInfo? folder = new FileInfo(file).Directory;
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "VptDsl.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"VptDsl.sln was not found above '{file}'.");
    }
}
