using System.CommandLine;
using System.Text.RegularExpressions;
using VptDsl.Testing.Documentation;
using VptDsl.Tool.Commands;
using YamlDotNet.RepresentationModel;

namespace VptDsl.Tests.Documentation;

/// <summary>
/// Protects who starts services by Docker Compose: the files of samples and the blocks of pages are YAML, <c>vpt</c> understands the
/// commands in them, and what they name of themselves, of the repository and of the page around them is there.
/// </summary>
public sealed partial class ComposeTests
{
    private static readonly RootCommand Vpt = VptCommand.Create();

    /// <summary>What these services use of Compose's words (https://docs.docker.com/reference/compose-file/services/).</summary>
    private static readonly string[] ServiceKeys =
    [
        "build", "command", "depends_on", "deploy", "environment", "image", "ports", "restart", "stop_grace_period", "volumes",
    ];

    public static TheoryData<string, int> Files
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (MarkdownBlock block in RepositoryFiles.Guides.SelectMany(MarkdownBlock.Of).Where(block => block.Language == "yaml"))
                data.Add(block.Page, block.Line);
            foreach (string path in RepositoryFiles.PathsIn("compose*.yml", "samples"))
                data.Add(path, 0);
            return data;
        }
    }

    [Fact]
    public void There_are_some() => Assert.Equal(2, Files.Count());

    [Theory]
    [MemberData(nameof(Files))]
    public void What_it_names_is_there(string page, int line)
    {
        YamlMappingNode file = Read(page, line);
        Assert.Empty(KeysOf(file).Except(["services", "volumes"]));
        string[] volumes = Child(file, "volumes") is YamlMappingNode declared ? [.. KeysOf(declared)] : [];
        var services = (YamlMappingNode)file["services"];
        string[] names = [.. KeysOf(services)];
        Assert.All(services.Children.Values.Cast<YamlMappingNode>(), service =>
        {
            Assert.Empty(KeysOf(service).Except(ServiceKeys));
            Assert.True(Child(service, "image") is not null || Child(service, "build") is not null);
            Assert.All(TextsOf(Child(service, "depends_on")), name => Assert.Contains(name, names));
            Assert.All(SourcesOf(service), source => AssertIsThere(source, volumes, page));
        });
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Images_are_built_from_files_that_there_are(string page, int line)
    {
        foreach (YamlMappingNode build in ServicesOf(page, line).Select(service => Child(service, "build")).OfType<YamlMappingNode>())
        {
            string context = Path.GetFullPath(Path.Combine(RepositoryFiles.FullPath(Path.GetDirectoryName(page)!), Text(build["context"])));
            Assert.True(File.Exists(Path.Combine(context, Text(build["dockerfile"]))), $"{page}: there is no {build["dockerfile"]}");
        }
    }

    /// <summary>A command of ours is understood, and finds its files in a volume.</summary>
    [Fact]
    public void Commands_of_vpt_are_understood_and_find_their_files()
    {
        (string Page, YamlMappingNode Service, string[] Words)[] commands =
        [
            .. from entry in Files
               let page = (string)entry[0]
               from service in ServicesOf(page, (int)entry[1])
               where Child(service, "command") is YamlScalarNode { Value: { } command } && command.StartsWith("vpt ")
               select (page, service, Text(service["command"]).Split(' ')),
        ];
        Assert.NotEmpty(commands);
        Assert.All(commands, command =>
        {
            Assert.Empty(Vpt.Parse(command.Words[1..]).Errors.Select(error => error.Message));
            string[] mounted = [.. TextsOf(Child(command.Service, "volumes")).Select(volume => volume.Split(':')[1])];
            foreach (string path in command.Words.Where(word => word.StartsWith('/')))
            {
                Assert.Contains(mounted, folder => path.StartsWith($"{folder}/", StringComparison.Ordinal));
                Assert.Contains($"`{path}`", RepositoryFiles.Read(command.Page), StringComparison.Ordinal);
            }
        });
    }

    /// <summary>A silo's variable is the one that the settings beside it name, and leads to a service with the same password.</summary>
    [Fact]
    public void The_silos_variable_is_the_settings_and_leads_to_the_store()
    {
        MarkdownBlock block = MarkdownBlock.Of("docs/cluster.md").Single(block => block.Language == "yaml");
        var services = (YamlMappingNode)Read(block.Page, block.Line)["services"];
        var silo = (YamlMappingNode)services.Children.Values.Single(service => Text(service["image"]) == "vpt");
        (string variable, string value) = Assert.Single(
            ((YamlMappingNode)silo["environment"]).Children.Select(pair => (Text(pair.Key), Text(pair.Value))));

        Assert.Contains(
            MarkdownBlock.SpansOf(block.Page),
            span => span.StartsWith('{') && span.Contains($"\"connectionVariable\": \"{variable}\"", StringComparison.Ordinal));
        string store = value.Split(':')[0];
        Assert.Contains(Substitution().Match(value).Value, Text(services[store]["command"]), StringComparison.Ordinal);
    }

    private static void AssertIsThere(string source, string[] volumes, string page)
    {
        if (source.StartsWith('.'))
        {
            string path = RepositoryFiles.FullPath(Path.Combine(Path.GetDirectoryName(page)!, source));
            Assert.True(Path.Exists(path), $"{page}: there is no {source}");
        }
        else if (!source.StartsWith('/'))
        {
            Assert.Contains(source, volumes);
        }
    }

    private static IEnumerable<string> SourcesOf(YamlMappingNode service) =>
        TextsOf(Child(service, "volumes")).Select(volume => volume.Split(':')[0]);

    private static IEnumerable<YamlMappingNode> ServicesOf(string page, int line) =>
        ((YamlMappingNode)Read(page, line)["services"]).Children.Values.Cast<YamlMappingNode>();

    private static YamlMappingNode Read(string page, int line)
    {
        string text = line == 0 ? RepositoryFiles.Read(page) : MarkdownBlock.Of(page).Single(block => block.Line == line).Text;
        var yaml = new YamlStream();
        yaml.Load(new StringReader(text));
        return (YamlMappingNode)Assert.Single(yaml.Documents).RootNode;
    }

    private static YamlNode? Child(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? child) ? child : null;

    private static IEnumerable<string> KeysOf(YamlMappingNode node) => node.Children.Keys.Select(Text);

    private static IEnumerable<string> TextsOf(YamlNode? list) => list is YamlSequenceNode node ? node.Children.Select(Text) : [];

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;

    [GeneratedRegex(@"\$\{\w+\}")]
    private static partial Regex Substitution();
}
