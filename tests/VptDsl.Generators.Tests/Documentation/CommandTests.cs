using System.Text.RegularExpressions;

namespace VptDsl.Generators.Tests.Documentation;

/// <summary>Protects commands that readers type: the projects that they name exist and know the options that they pass.</summary>
public sealed partial class CommandTests
{
    private static readonly IReadOnlyList<string> Commands =
    [
        .. RepositoryFiles.Pages.SelectMany(MarkdownBlock.Of).Where(block => block.Language.Length == 0)
            .SelectMany(block => block.Text.Split('\n'))
            .Where(line => line.Contains("dotnet ", StringComparison.Ordinal) || line.StartsWith("vpt ", StringComparison.Ordinal)),
    ];

    [Fact]
    public void There_are_commands() => Assert.True(Commands.Count > 10);

    [Fact]
    public void Projects_that_commands_name_exist() => Assert.All(
        Commands.SelectMany(command => Project().Matches(command)),
        match => Assert.True(RepositoryFiles.FolderExists(match.Value), $"There is no {match.Value}."));

    [Fact]
    public void Options_that_commands_pass_are_options_of_their_programs() => Assert.Empty(
        from command in Commands
        let program = command.StartsWith("vpt ", StringComparison.Ordinal) ? "src/VptDsl.Tool" : Project().Match(command).Value
        let passed = command.StartsWith("vpt ", StringComparison.Ordinal) ? command : command.Split(" -- ").ElementAtOrDefault(1) ?? ""
        from Match option in Option().Matches(passed)
        where option.Value != "--help" && !Knows(program, option.Value)
        select $"{option.Value} of {program}");

    [Fact]
    public void Options_on_the_command_lines_page_are_options_of_vpt() => Assert.All(
        RepositoryFiles.Read("docs/cli.md").Split('\n').Where(line => !line.StartsWith("dotnet ", StringComparison.Ordinal))
            .SelectMany(line => Option().Matches(line)).Where(match => match.Value != "--help"),
        match => Assert.True(Knows("src/VptDsl.Tool", match.Value), $"vpt knows no {match.Value}."));

    /// <summary>Whether a program's source, or what all command lines share, names an option.</summary>
    private static bool Knows(string program, string option) =>
        new[] { program, "samples", "src/VptDsl.Tool/Shell" }.Distinct().SelectMany(RepositoryFiles.Sources)
            .Any(text => text.Contains($"\"{option}\"", StringComparison.Ordinal));

    [GeneratedRegex(@"\b(?:samples|tests|src|generators)/[\w.]+")]
    private static partial Regex Project();

    [GeneratedRegex(@"(?<=[\s`|])--[a-z][a-z-]*")]
    private static partial Regex Option();
}
