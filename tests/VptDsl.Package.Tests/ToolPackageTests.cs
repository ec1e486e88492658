namespace VptDsl.Package.Tests;

/// <summary>Protects who installs the tool: it finds its compiler, its language and the framework wherever it lies.</summary>
public sealed class ToolPackageTests(PackedLibrary library) : IClassFixture<PackedLibrary>, IDisposable
{
    private readonly Consumer _consumer = new(library);

    public void Dispose() => _consumer.Dispose();

    [Fact]
    public void An_installed_tool_compiles_a_model_and_keeps_it()
    {
        _consumer.DotNet(
            "tool", "install", "VptDsl.Tool", "--tool-path", "tools", "--version", PackedLibrary.Version, "--configfile", "nuget.config");
        string vpt = _consumer.PathOf("tools/vpt"), cache = _consumer.PathOf("cache");
        (int exitCode, string output) = DotNetProcess.Start(
            _consumer.PathOf("."), vpt, new Dictionary<string, string> { ["VPTDSL_CACHE"] = cache },
            "explain", "--attribute", "[Vit(Width = 16, Layers = 2, Heads = 2, Patch = 4, Image = 8)]", "--prompts", "deep:2",
            "--head", "[LinearHead(Classes = 3)]");
        Assert.True(exitCode == 0, output);

        // 2 layers of 2 prompts and a head for 3 classes, all 16 wide.
        Assert.Contains("trained parameters 115 with 3 classes", output, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(cache));
    }
}
