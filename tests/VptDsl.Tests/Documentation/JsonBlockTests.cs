using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using VptDsl.Data;
using VptDsl.Orleans;
using VptDsl.Serving;
using VptDsl.Testing.Documentation;
using VptDsl.Tests.Weights;
using VptDsl.Training.Recipes;

namespace VptDsl.Tests.Documentation;

/// <summary>
/// Protects who copies a file of settings: every block of JSON, and every object within a sentence, is read by what reads such files, to
/// its last name.
/// </summary>
public sealed class JsonBlockTests
{
    /// <summary>Who reads settings, by names that they have to have; answers have names of their own.</summary>
    private static readonly IReadOnlyDictionary<string, Action<string>> Readers = new Dictionary<string, Action<string>>
    {
        ["learningRates"] = text => InFile(text, path => Recipe.Load(path)),
        ["store"] = text => InFile(text, path => ClusterSettings.Load(path)),
        ["Tasks"] = ReadServer,
        ["image classes"] = text => InFile(text, ReadLabels),
        // What programs answer: the commands of docs/cli.md are run, and the server of docs/serving.md is asked, for the names in it.
        ["predictions"] = _ => { },
        ["milliseconds"] = _ => { },
    };

    public static TheoryData<string, string> Objects
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string page in RepositoryFiles.Guides)
            {
                IEnumerable<string> blocks = MarkdownBlock.Of(page).Where(block => block.Language == "json").Select(block => block.Text);
                foreach (string text in blocks.Concat(MarkdownBlock.SpansOf(page).Where(IsObject)))
                    data.Add(page, text);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Objects))]
    public void Each_is_read_by_who_reads_such(string page, string text)
    {
        string[] names = NamesIn(text);
        Action<string>[] readers = [.. Readers.Where(pair => pair.Key.Split(' ').All(names.Contains)).Select(pair => pair.Value)];
        Assert.True(readers.Length == 1, $"{page}: {text} is for {readers.Length} readers.");
        readers[0](text);
    }

    private static void ReadServer(string text)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        IConfiguration section = new ConfigurationBuilder().AddJsonStream(stream).Build().GetSection("Tasks");
        using ServiceProvider services = new ServiceCollection()
            .AddVptDslTasks(
                _ => throw new InvalidOperationException("nothing is served"), options => options.TaskFolder = Path.GetTempPath())
            .Configure<TaskServingOptions>(section, binder => binder.ErrorOnUnknownConfiguration = true)
            .BuildServiceProvider();
        Assert.NotEmpty(services.GetRequiredService<IOptions<TaskServingOptions>>().Value.ApiKeys);
    }

    private static void ReadLabels(string path)
    {
        string image = JsonDocument.Parse(File.ReadAllText(path)).RootElement.GetProperty("image").GetString()!;
        string file = Path.Combine(Path.GetDirectoryName(path)!, image);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, []);
        Assert.NotEmpty(MultiLabelFile.Read(path, Transforms.FgvcTest(224)).ClassNames!);
    }

    private static void InFile(string text, Action<string> read)
    {
        using var folder = new TempFolder();
        string path = folder.Path("settings.json");
        File.WriteAllText(path, text);
        read(path);
    }

    private static string[] NamesIn(string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        return [.. document.RootElement.EnumerateObject().Select(property => property.Name)];
    }

    private static bool IsObject(string span)
    {
        if (!span.StartsWith('{') || !span.Contains('"', StringComparison.Ordinal))
            return false;
        try
        {
            NamesIn(span);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
