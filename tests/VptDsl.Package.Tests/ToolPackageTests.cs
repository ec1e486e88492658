namespace VptDsl.Package.Tests;

/// <summary>
/// Protects who installs the tool: it finds its compiler, its language and the framework wherever it lies, and what it writes is built
/// from the packages.
/// </summary>
public sealed class ToolPackageTests(PackedLibrary library) : IClassFixture<PackedLibrary>, IDisposable
{
    private readonly Consumer _consumer = new(library);

    public void Dispose() => _consumer.Dispose();

    [Fact]
    public void An_installed_tool_compiles_a_model_and_keeps_it()
    {
        Install();
        string output = Vpt(
            "explain", "--attribute", "[Vit(Width = 16, Layers = 2, Heads = 2, Patch = 4, Image = 8)]", "--prompts", "deep:2",
            "--head", "[LinearHead(Classes = 3)]");

        // 2 layers of 2 prompts and a head for 3 classes, all 16 wide.
        Assert.Contains("trained parameters 115 with 3 classes", output, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(Cache));
    }

    [Fact]
    public void A_project_that_it_writes_tunes_on_a_folder_of_images()
    {
        const string Project = "my ümläut's project";
        Install();
        Vpt(
            "new", Project, "--backbone", Path.Combine(PackedLibrary.FindRoot(), "samples/QuickStart/data/character-vit.safetensors"),
            "--prompts", "shallow:2", "--packages", library.Folder);
        // Packed here under a version of its own.
        string file = _consumer.PathOf($"{Project}/{Project}.csproj");
        string text = File.ReadAllText(file);
        Assert.Contains("Version=\"0.1.0\"", text, StringComparison.Ordinal);
        File.WriteAllText(file, text.Replace("0.1.0", PackedLibrary.Version, StringComparison.Ordinal));
        for (int i = 0; i < 10; i++)
            _consumer.WriteImage($"images/{(i % 2 == 0 ? "rose" : "tulip")}/{i}.png");

        _consumer.DotNet("run", "-c", "Release", "--project", Project, "--", "images");
        Assert.True(File.Exists(_consumer.PathOf("model.task")));
    }

    private string Cache => _consumer.PathOf("cache");

    private void Install() => _consumer.DotNet(
        "tool", "install", "VptDsl.Tool", "--tool-path", "tools", "--version", PackedLibrary.Version, "--configfile", "nuget.config");

    private string Vpt(params string[] arguments)
    {
        (int exitCode, string output) = DotNetProcess.Start(
            _consumer.PathOf("."), _consumer.PathOf("tools/vpt"), new Dictionary<string, string> { ["VPTDSL_CACHE"] = Cache }, arguments);
        Assert.True(exitCode == 0, output);
        return output;
    }
}
