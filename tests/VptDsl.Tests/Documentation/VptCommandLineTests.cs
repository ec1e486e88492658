using System.CommandLine;
using VptDsl.Testing.Documentation;
using VptDsl.Tool.Commands;
using VptDsl.Tool.Models;
using VptDsl.Training.Recipes;

namespace VptDsl.Tests.Documentation;

/// <summary>Protects who copies a command: <c>vpt</c> itself understands every one that a page shows.</summary>
public sealed class VptCommandLineTests
{
    private static readonly RootCommand Vpt = VptCommand.Create();

    private static readonly IReadOnlyList<ShellCommand> Commands = [.. ShellCommand.OfGuides.Where(command => command.Program == "vpt")];

    /// <summary>What the options of a scheme take, and what they make attributes of.</summary>
    private static readonly IReadOnlyDictionary<string, Func<string, string>> Schemes = new Dictionary<string, Func<string, string>>
    {
        ["--prompts"] = Scheme.OfPrompts,
        ["--tune"] = Scheme.OfPart,
        ["--head"] = Scheme.OfHead,
        ["--attribute"] = word => word,
    };

    [Fact]
    public void Every_command_is_understood()
    {
        Assert.True(Commands.Count(command => !command.IsOutline) > 15);
        Assert.Empty(Commands.SelectMany(command => Refusals(command).Select(refusal => $"{command}: {refusal}")));
    }

    /// <summary>All that help lists is explained, and all that is explained is there.</summary>
    [Fact]
    public void The_table_of_commands_has_all_of_them() => Assert.Equal(
        Vpt.Subcommands.Select(command => command.Name).Order(),
        MarkdownTable.Of("docs/cli.md").Single(table => table.Has("Command", "Does")).Column("Command")
            .Select(cell => cell.Trim('`').Split(' ')[1]).Order());

    [Fact]
    public void Schemes_are_those_of_the_language()
    {
        (string Where, string Option, string Word)[] schemes =
        [
            .. from command in Commands
               from option in Schemes.Keys
               from word in command.ValuesOf(option)
               select (command.ToString(), option, word),
            .. SchemesOfTheTable(),
        ];
        Assert.True(schemes.Length > 15);
        Assert.All(schemes, scheme => AssertDeclares(scheme.Option, scheme.Word, scheme.Where));
    }

    [Fact]
    public void Recipes_are_published_ones() => Assert.All(
        Commands.SelectMany(command => command.ValuesOf("--recipe")), name => Assert.Equal(name, Recipe.Get(name).Name));

    /// <summary>The words of the table that says which model: each row's option, and every word behind it.</summary>
    private static IEnumerable<(string Where, string Option, string Word)> SchemesOfTheTable() =>
        from line in RepositoryFiles.Read("docs/cli.md").Split('\n')
        let option = Schemes.Keys.FirstOrDefault(option => line.StartsWith($"| `{option} ", StringComparison.Ordinal))
        where option is not null
        from span in line.Split('`').Where((_, i) => i % 2 == 1)
        let word = ShellCommand.Read("docs/cli.md", line: 0, $"vpt {span}").Single().Words[^1]
        where option != "--attribute" || word.StartsWith('[')
        select (line, option, word.Replace(":N", ":8", StringComparison.Ordinal));

    private static void AssertDeclares(string option, string word, string where)
    {
        string attribute = Schemes[option](word);
        string backbone = option == "--attribute" ? attribute : "[Vit(VitSize.Base)]";
        string head = option == "--head" ? attribute : "[LinearHead]";
        string trained = option is "--prompts" or "--tune" ? attribute : "";
        string declaration = ModelDeclaration.Parse(string.Join(' ', new[] { backbone, trained, head })).Attributes;
        IReadOnlyList<string> errors = UserBuild.ErrorsInDeclaration(declaration);
        Assert.True(errors.Count == 0, $"{where}: {option} {word} is {declaration}: {string.Join(' ', errors)}");
    }

    /// <summary>What is wrong with a command; of an outline only what it says, not what it leaves out.</summary>
    private static IEnumerable<string> Refusals(ShellCommand command)
    {
        if (command.IsOutline || command.Line == 0)
        {
            ParseResult outline = Vpt.Parse([.. command.Words.Skip(1).Where(word => !word.EndsWith("FILE", StringComparison.Ordinal))]);
            return outline.UnmatchedTokens.Select(token => $"{token} is nothing that it takes");
        }

        return Vpt.Parse([.. command.Words.Skip(1)]).Errors.Select(error => error.Message);
    }
}
