using VptDsl.Testing.Documentation;

namespace VptDsl.Generators.Tests.Documentation;

/// <summary>
/// Protects reviews beside each other on one screen: no line of C# that somebody writes runs past <c>max_line_length</c>.
/// </summary>
public sealed class LineLengthTests
{
    /// <summary>As .editorconfig tells editors.</summary>
    private const int Most = 140;

    [Fact]
    public void Editors_are_told_the_same() =>
        Assert.Contains($"\nmax_line_length = {Most}\n", RepositoryFiles.Read(".editorconfig"), StringComparison.Ordinal);

    [Fact]
    public void Lines_are_short_enough() => Assert.Empty(
        from path in RepositoryFiles.SourcePaths
        from line in RepositoryFiles.Read(path).Split('\n').Index()
        where line.Item.Length > Most
        select $"{path}:{line.Index + 1} has {line.Item.Length} columns, more than {Most}");
}
