using System.Text.RegularExpressions;
using VptDsl.Testing.Documentation;

namespace VptDsl.Generators.Tests.Documentation;

/// <summary>
/// Protects commands that readers type: the projects and files that they name exist, programs know the options that they pass, and filters
/// find tests. What <c>vpt</c> makes of its own is tested where it is: <c>VptCommandLineTests</c>.
/// </summary>
public sealed partial class CommandTests
{
    private static readonly string[] DotNetVerbs = ["build", "format", "new", "pack", "publish", "run", "test", "tool"];

    private static readonly IReadOnlyList<ShellCommand> Commands = ShellCommand.OfGuides;

    [Fact]
    public void There_are_commands() => Assert.True(Commands.Count > 100);

    [Fact]
    public void Every_line_of_a_block_of_commands_is_one() => Assert.Empty(
        from page in RepositoryFiles.Guides
        from block in ShellCommand.BlocksOf(page)
        from line in block.Text.TrimEnd().Split('\n')
        where !ShellCommand.Read(page, block.Line, line).Any()
        select $"{page}({block.Line}): '{line}' is no command of a program that is known");

    [Fact]
    public void What_commands_name_of_the_repository_exists() => Assert.Empty(
        from command in Commands
        from word in command.Words
        where InRepository().IsMatch(word) && !RepositoryFiles.Exists(word) && !RepositoryFiles.FolderExists(word)
        select $"{command}: there is no {word}");

    [Fact]
    public void Dotnet_is_asked_for_what_it_does() => Assert.Empty(
        from command in Commands
        where command.Program == "dotnet" && (command.Words.Count < 2 || !DotNetVerbs.Contains(command.Words[1]))
        select command.ToString());

    [Fact]
    public void Options_that_commands_pass_are_options_of_their_programs() => Assert.Empty(
        from command in Commands
        where command.Program == "dotnet"
        let program = command.Words.FirstOrDefault(word => InRepository().IsMatch(word))
        from word in command.Words.SkipWhile(word => word != "--").Skip(1)
        where program is not null && word.StartsWith("--", StringComparison.Ordinal) && word != "--help" && !Knows(program, word)
        select $"{command}: {word} is none of {program}");

    [Fact]
    public void Filters_find_tests() => Assert.Empty(
        from command in Commands
        where command.Words.Take(2).SequenceEqual(["dotnet", "test"])
        from filter in command.ValuesOf("--filter")
        from name in filter.Split('|')
        where !RepositoryFiles.Sources(command.Words[2]).Any(text => Regex.IsMatch(text, $@"(class|public \S+) \w*{name}"))
        select $"{command}: no test is called {name}");

    [Fact]
    public void Variables_of_the_environment_are_read_by_somebody()
    {
        string code = string.Join('\n', RepositoryFiles.SourcePaths.Select(RepositoryFiles.Read)) + RepositoryFiles.Read(".ci/run");
        Assert.Empty(
            from page in RepositoryFiles.Guides.Concat(RepositoryFiles.DiagnosticPages)
            from name in Variable().Matches(RepositoryFiles.Read(page)).Select(match => match.Value).Distinct()
            where !Regex.IsMatch(code, $@"\b{name}\b")
            select $"{page}: nobody reads {name}");
    }

    [Fact]
    public void Packages_have_the_version_that_pages_say()
    {
        string version = Regex.Match(RepositoryFiles.Read("Directory.Build.props"), "<Version>(.+)</Version>").Groups[1].Value;
        string[] stated =
        [
            .. RepositoryFiles.Guides.SelectMany(page => PackageVersion().Matches(RepositoryFiles.Read(page)))
                .Select(match => match.Groups["version"].Value),
        ];
        Assert.True(stated.Length > 3);
        Assert.All(stated, found => Assert.Equal(version, found));
    }

    [Fact]
    public void Options_on_the_command_lines_page_are_options_of_vpt() => Assert.All(
        RepositoryFiles.Read("docs/cli.md").Split('\n')
            .Where(line => !ShellCommand.Read("docs/cli.md", line: 0, line).Any(command => command.Program != "vpt"))
            .SelectMany(line => Option().Matches(line)).Where(match => match.Value != "--help"),
        match => Assert.True(Knows("src/VptDsl.Tool", match.Value), $"vpt knows no {match.Value}."));

    /// <summary>Whether a program's source, or what all command lines share, names an option.</summary>
    private static bool Knows(string program, string option) =>
        new[] { program, "samples", "src/VptDsl.Tool/Shell" }.Distinct().SelectMany(RepositoryFiles.Sources)
            .Any(text => text.Contains($"\"{option}\"", StringComparison.Ordinal));

    [GeneratedRegex("^(?:docs|generators|samples|src|tests)/")]
    private static partial Regex InRepository();

    [GeneratedRegex(@"(?<=[\s`|])--[a-z][a-z-]*")]
    private static partial Regex Option();

    [GeneratedRegex(@"\bVPTDSL_[A-Z_]+")]
    private static partial Regex Variable();

    [GeneratedRegex("""\bVptDsl(?:\.\w+)?(?:@|\.(?=\d)|" Version=")(?<version>\d+\.\d+\.\d+)""")]
    private static partial Regex PackageVersion();
}
