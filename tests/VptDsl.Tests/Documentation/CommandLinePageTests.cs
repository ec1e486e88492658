using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using SkiaSharp;
using VptDsl.Testing.Documentation;
using VptDsl.Tests.Tool;
using VptDsl.Tests.Weights;

namespace VptDsl.Tests.Documentation;

/// <summary>
/// Protects a newcomer's first hour: the commands of the command line's page that need nothing but this repository and a few images are
/// run as they stand there, one after the other, and print and write what the page says.
/// </summary>
public sealed class CommandLinePageTests : IDisposable
{
    private const string Page = "docs/cli.md", Backbone = "samples/QuickStart/data/character-vit.safetensors";

    private static readonly (string Class, byte Grey)[] Kinds = [("1", 200), ("7", 40)];

    private readonly TempFolder _folder = new();

    public CommandLinePageTests()
    {
        Directory.CreateDirectory(_folder.Path(Path.GetDirectoryName(Backbone)!));
        File.Copy(VptProcess.Backbone, _folder.Path(Backbone));
        foreach ((string kind, byte grey) in Kinds)
        {
            for (int i = 0; i < 6; i++)
                WriteImage($"digits/train/{kind}/{i}.png", (byte)(grey + i));
            WriteImage($"digits/test/{kind}/0.png", grey);
        }

        WriteImage("seven.png", Kinds[1].Grey);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Its_commands_do_what_it_says()
    {
        ShellCommand[] commands = [.. ShellCommand.Of(Page).Where(command => command.Line > 0 && command.Words.Contains(Backbone))];
        Assert.Equal(
            ["inspect", "train", "eval", "predict", "train", "report", "export", "train", "serve"],
            commands.Select(command => command.Words[1]));
        string[] outputs = [.. commands.SkipLast(1).Select(command => Run([.. command.Words.Skip(1)]))];

        Assert.Equal(BlockBehind("`inspect` prints"), outputs[0].TrimEnd());
        foreach (string written in new[] { "--task", "--log", "--checkpoint", "--output" })
        {
            Assert.All(
                commands.SelectMany(command => command.ValuesOf(written)), file => Assert.True(File.Exists(_folder.Path(file)), file));
        }

        string[] model = ["--backbone", Backbone, "--task", "digits.task"];
        string line = Run(["predict", "digits/test", "--json", .. model]).Split('\n')[0];
        Assert.Equal(NamesIn(MarkdownBlock.Of(Page).Single(IsPrediction).Text), NamesIn(line));
        AssertNamesStandOn(Run(["eval", "--images", "digits/test", "--json", .. model]));
        AssertAnswers([.. commands[^1].Words.Skip(1)]);
    }

    /// <summary>Serves, on a port that is free, and asks what the page asks with <c>curl</c>.</summary>
    private void AssertAnswers(string[] serve)
    {
        ShellCommand asked = ShellCommand.Of(Page).Single(command => command.Program == "curl");
        using Process server = VptProcess.Start([.. serve, "--urls", "http://127.0.0.1:0"], folder: _folder.Root);
        try
        {
            while (server.StandardOutput.ReadLine() is { } line)
            {
                if (!line.StartsWith("listening on ", StringComparison.Ordinal))
                    continue;
                var address = new Uri(new Uri(line["listening on ".Length..].Split(',')[0]), new Uri(asked.Words[^1]).PathAndQuery);
                Assert.Equal("7", ClassOf(address, asked.ValuesOf("--data-binary").Single().TrimStart('@')));
                return;
            }

            Assert.Fail(server.StandardError.ReadToEnd());
        }
        finally
        {
            server.Kill();
        }
    }

    private string ClassOf(Uri address, string image)
    {
        using var client = new HttpClient();
        for (int attempt = 0; ; attempt++)
        {
            using var content = new ByteArrayContent(File.ReadAllBytes(_folder.Path(image)));
            content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
            using HttpResponseMessage response = client.Send(request);
            using JsonDocument answer = JsonDocument.Parse(response.Content.ReadAsStream());
            if (response.IsSuccessStatusCode)
                return answer.RootElement.GetProperty("class").GetString()!;
            // The backbone is loaded while it listens.
            Assert.True(attempt < 1_200 && response.StatusCode == HttpStatusCode.ServiceUnavailable, answer.RootElement.ToString());
            Thread.Sleep(100);
        }
    }

    private static bool IsPrediction(MarkdownBlock block) =>
        block.Language == "json" && block.Text.Contains("predictions", StringComparison.Ordinal);

    private static string BlockBehind(string words)
    {
        string text = RepositoryFiles.Read(Page);
        int line = 1 + text[..text.IndexOf(words, StringComparison.Ordinal)].Count(sign => sign == '\n');
        return MarkdownBlock.Of(Page).First(block => block.Line > line).Text.TrimEnd();
    }

    private static void AssertNamesStandOn(string json)
    {
        IReadOnlyList<string> spans = MarkdownBlock.SpansOf(Page);
        Assert.All(NamesIn(json), name => Assert.Contains(name, spans));
    }

    /// <summary>The names of an object and of the first of each list in it.</summary>
    private static List<string> NamesIn(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        List<string> names = [];
        Add(document.RootElement);
        return names;

        void Add(JsonElement element)
        {
            if (element.ValueKind == JsonValueKind.Array && element.GetArrayLength() > 0)
                Add(element[0]);
            if (element.ValueKind != JsonValueKind.Object)
                return;
            foreach (JsonProperty property in element.EnumerateObject())
            {
                names.Add(property.Name);
                Add(property.Value);
            }
        }
    }

    private string Run(string[] arguments)
    {
        (int exitCode, string output, string errors) = VptProcess.Run(arguments, folder: _folder.Root);
        Assert.True(exitCode == 0, $"vpt {string.Join(' ', arguments)}: {errors}");
        return output;
    }

    private void WriteImage(string name, byte grey)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.Path(name))!);
        using var bitmap = new SKBitmap(28, 28, SKColorType.Gray8, SKAlphaType.Opaque);
        bitmap.GetPixelSpan().Fill(grey);
        using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
        File.WriteAllBytes(_folder.Path(name), png.ToArray());
    }
}
