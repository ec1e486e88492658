using System.Text.RegularExpressions;

namespace VptDsl.Package.Tests;

/// <summary>Protects the README's first screen: its program of one file runs, word for word but for sizes, data and weights.</summary>
public sealed partial class ReadmeProgramTests(PackedLibrary library) : IClassFixture<PackedLibrary>, IDisposable
{
    private readonly Consumer _consumer = new(library);

    public void Dispose() => _consumer.Dispose();

    [Fact]
    public void The_first_program_tunes_saves_and_predicts()
    {
        string program = FirstBlock().Match(File.ReadAllText(Path.Combine(PackedLibrary.FindRoot(), "README.md"))).Groups["code"].Value;
        Assert.StartsWith("#:package VptDsl@", program, StringComparison.Ordinal);
        Assert.True(program.TrimEnd().Split('\n').Length <= 20);
        foreach ((string written, string here) in new[]
        {
            ("VptDsl@0.1.0", $"VptDsl@{PackedLibrary.Version}"),
            ("[Vit(VitSize.Base, Patch = 16, Image = 224)]", "[Vit(Width = 16, Layers = 2, Heads = 2, Patch = 4, Image = 8)]"),
            ("hf:timm/vit_base_patch16_224.augreg2_in21k_ft_in1k", "tiny.safetensors"),
            ("FgvcTrain(224,", "FgvcTrain(8,"),
            ("firstCount: 800", "firstCount: 8"),
            ("using var tuner", "FlowerTuner.Create(device, seed: 1).SaveBackbone(\"tiny.safetensors\");\nusing var tuner"),
        })
        {
            Assert.Contains(written, program, StringComparison.Ordinal);
            program = program.Replace(written, here, StringComparison.Ordinal);
        }

        _consumer.Write("flowers.cs", program);
        foreach (string kind in new[] { "rose", "tulip" })
        {
            for (int i = 0; i < 6; i++)
                _consumer.WriteImage($"flowers/{kind}/{i}.png");
        }

        _consumer.WriteImage("unknown.jpg");
        Assert.Contains("epoch ", _consumer.DotNet("run", "-c", "Release", "flowers.cs"), StringComparison.Ordinal);
        Assert.True(File.Exists(_consumer.PathOf("flowers.task")));
    }

    [GeneratedRegex(@"```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex FirstBlock();
}
