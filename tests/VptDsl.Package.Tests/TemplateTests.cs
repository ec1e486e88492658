namespace VptDsl.Package.Tests;

/// <summary>Protects who begins with <c>dotnet new</c>: what a template makes builds as it is, and tunes on a folder of images.</summary>
public sealed class TemplateTests(PackedLibrary library) : IClassFixture<PackedLibrary>, IDisposable
{
    private readonly Consumer _consumer = new(library);

    public void Dispose() => _consumer.Dispose();

    [Fact]
    public void A_console_program_tunes_the_backbone_that_it_is_given()
    {
        const string Weights = "it's \"tiny\".safetensors";
        New("vpt", "My flowers", "--prompts", "shallow", "--weights", Weights);
        string program = _consumer.PathOf("My flowers/Program.cs"), text = File.ReadAllText(program);
        Assert.Contains("[ShallowPrompt(Tokens = 50)]\n[LinearHead]\n", text.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.DoesNotContain("DeepPrompt", text, StringComparison.Ordinal);

        // A backbone that nobody has to download.
        const string Tiny = "[Vit(Width = 16, Layers = 2, Heads = 2, Patch = 4, Image = 8)]";
        File.WriteAllText(program, text
            .Replace("[Vit(VitSize.Base, Patch = 16)]", Tiny, StringComparison.Ordinal)
            .Replace("Facts.Normalization?.Value", "Facts.Normalization?.Value ?? Normalization.Symmetric", StringComparison.Ordinal)
            .Replace(
                "using Model tuner",
                $"Model.Create(device, seed: 1).SaveBackbone({Literal(Weights)});\nusing Model tuner", StringComparison.Ordinal));
        for (int i = 0; i < 10; i++)
            _consumer.WriteImage($"images/{(i % 2 == 0 ? "rose" : "tulip")}/{i}.png");

        _consumer.DotNet("run", "--project", "My flowers", "--", "images");
        Assert.True(File.Exists(_consumer.PathOf("model.task")));
    }

    [Fact]
    public void A_server_builds()
    {
        New("vpt-server", "Answers");
        Assert.Contains("0 Warning(s)", _consumer.DotNet("build", "Answers"), StringComparison.Ordinal);
    }

    private static string Literal(string text) => $"\"{text.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    /// <summary>Makes a project with the templates that were packed, which no other user of the machine comes to see.</summary>
    private void New(string template, string folder, params string[] options)
    {
        string hive = _consumer.PathOf("hive");
        _consumer.DotNet("new", "install", library.FileOf("VptDsl.Templates"), "--debug:custom-hive", hive);
        _consumer.DotNet(["new", template, "--output", folder, "--debug:custom-hive", hive, .. options]);
    }
}
