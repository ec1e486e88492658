using System.IO.Compression;

namespace VptDsl.Package.Tests;

/// <summary>
/// Protects what users get: a project that references nothing but the package declares a model, trains it and saves the task.
/// </summary>
public sealed class PackageTests(PackedLibrary library) : IClassFixture<PackedLibrary>, IDisposable
{
    private readonly Consumer _consumer = new(library);

    public void Dispose() => _consumer.Dispose();

    [Fact]
    public void A_project_with_the_package_alone_declares_a_model_trains_it_and_saves_the_task()
    {
        Assert.Equal(
            [
                "analyzers/dotnet/cs/VptDsl.Abstractions.dll", "analyzers/dotnet/cs/VptDsl.CodeFixes.dll",
                "analyzers/dotnet/cs/VptDsl.Compiler.dll", "analyzers/dotnet/cs/VptDsl.Generators.dll",
                "lib/net10.0/VptDsl.Abstractions.dll", "lib/net10.0/VptDsl.Abstractions.xml", "lib/net10.0/VptDsl.dll",
                "lib/net10.0/VptDsl.xml",
            ],
            Libraries(library.File));

        _consumer.WriteProject(
            "<TreatWarningsAsErrors>true</TreatWarningsAsErrors><EmitCompilerGeneratedFiles>true</EmitCompilerGeneratedFiles>");
        WriteProgram();
        string output = _consumer.DotNet("run", "--project", "Consumer.csproj");

        // 2 layers of 2 prompts and a head for 3 classes, all 16 wide; the task file has a header on top.
        Assert.Equal(
            ["trainable 115", "backbone 7472", "task 460", "epochs 2", "finite True", "reloaded True", "file True"],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        Assert.Contains(
            Directory.EnumerateFiles(_consumer.PathOf("obj"), "*.g.cs", SearchOption.AllDirectories),
            path => path.Contains("VptDsl.Generators", StringComparison.Ordinal));
    }

    [Fact]
    public void A_property_of_the_build_reaches_the_generator()
    {
        _consumer.WriteProject("<VptDslKernelTiles>nonsense</VptDslKernelTiles>");
        WriteProgram();
        Assert.Contains(
            "error VPT075: The build property VptDslKernelTiles is nonsense", _consumer.DotNetFails("build"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_built_has_no_symbols_of_the_image_library_but_the_library_for_every_system()
    {
        _consumer.WriteProject("");
        WriteProgram();
        _consumer.DotNet("build", "--output", "built");
        string[] files = [.. Directory.EnumerateFiles(_consumer.PathOf("built"), "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(_consumer.PathOf("built"), path).Replace('\\', '/'))];
        Assert.DoesNotContain(files, file => file.EndsWith("libSkiaSharp.pdb", StringComparison.Ordinal));
        foreach (string system in new[] { "linux-x64", "linux-arm64", "win-x64", "win-arm64", "osx" })
            Assert.Contains(files, file => file.StartsWith($"runtimes/{system}/native/libSkiaSharp.", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Libraries(string package)
    {
        using ZipArchive archive = ZipFile.OpenRead(package);
        return
        [
            .. archive.Entries.Select(e => e.FullName)
                .Where(n => n.StartsWith("lib/", StringComparison.Ordinal) || n.StartsWith("analyzers/", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];
    }

    private void WriteProgram() =>
        _consumer.Write("Program.cs", """
            using VptDsl;
            using VptDsl.Data;
            using VptDsl.Training;

            var random = new Random(1);
            var shape = new ImageShape(TinyTuner.Channels, TinyTuner.ImageSize, TinyTuner.ImageSize);
            int floats = TinyTuner.Channels * TinyTuner.ImageSize * TinyTuner.ImageSize;
            float[] images = Enumerable.Range(0, 12 * floats).Select(_ => random.NextSingle() * 4 - 2).ToArray();
            int[] labels = Enumerable.Range(0, 12).Select(i => i % TinyTuner.Classes).ToArray();
            var train = ImageSet.FromFloats(shape, images, labels, ["a", "b", "c"]);

            using var device = Device.Cpu();
            using var tuner = TinyTuner.Create(device, seed: 1);
            var report = tuner.Fit(train, options: new FitOptions { Epochs = 2, BatchSize = 4, Progress = ProgressDisplay.Off });
            tuner.SaveTask("tiny.task.safetensors");
            tuner.SaveBackbone("tiny.safetensors");
            using var again = TinyTuner.Load(device, "tiny.safetensors", seed: 2);
            again.LoadTask("tiny.task.safetensors");

            Console.WriteLine($"trainable {TinyTuner.TrainableParameters}");
            Console.WriteLine($"backbone {TinyTuner.BackboneParameters}");
            Console.WriteLine($"task {TinyTuner.TaskBytes}");
            Console.WriteLine($"epochs {report.Epochs.Length}");
            Console.WriteLine($"finite {report.Epochs.All(e => double.IsFinite(e.TrainLoss))}");
            Console.WriteLine($"reloaded {tuner.Predict(images).SequenceEqual(again.Predict(images))}");
            Console.WriteLine($"file {new FileInfo("tiny.task.safetensors").Length > TinyTuner.TaskBytes}");

            [Vit(Width = 16, Layers = 2, Heads = 2, Patch = 4, Image = 8)]
            [DeepPrompt(Tokens = 2)]
            [LinearHead(Classes = 3)]
            internal sealed partial class TinyTuner;
            """);
}
