namespace VptDsl.Package.Tests;

/// <summary>
/// Protects trained results where .NET takes away what a library may rely on elsewhere: in file-based apps, which have no reflection for
/// JSON, and in programs that are published trimmed or compiled ahead of time. Each trains, is stopped, goes on, saves, loads and predicts.
/// </summary>
public sealed class PublishingTests(PackedLibrary library) : IClassFixture<PackedLibrary>, IDisposable
{
    // Ahead of time the widest vectors have 256 bits; the same width gives the same bits.
    private static readonly (string Name, string Value) SameWidth = ("DOTNET_EnableAVX512", "0");

    private const string Program = """
        using VptDsl;
        using VptDsl.Data;
        using VptDsl.Training;
        using VptDsl.Training.Recipes;

        string folder = args[0];
        Directory.CreateDirectory(folder);
        string At(string name) => Path.Combine(folder, name);
        int floats = TinyTuner.Channels * TinyTuner.ImageSize * TinyTuner.ImageSize;
        float[] images = Enumerable.Range(0, 12 * floats).Select(i => MathF.Sin(i * 12.9898f) * 1.5f).ToArray();
        int[] labels = Enumerable.Range(0, 12).Select(i => i % 3).ToArray();
        var train = ImageSet.FromFloats(new ImageShape(3, 8, 8), images, labels, ["a", "b", "c"]);
        using Device device = Device.Auto();
        using TinyTuner tuner = TinyTuner.Create(device, seed: 1);

        using var stop = new CancellationTokenSource();
        var options = new FitOptions
        {
            Epochs = 3,
            BatchSize = 5,
            Checkpoint = new Checkpoint(At("checkpoint")),
            EpochCompleted = report => { if (report.Epoch == 1) stop.Cancel(); },
        };
        try
        {
            tuner.Fit(train, train, options, stop.Token);
            return 2;
        }
        catch (OperationCanceledException)
        {
        }

        using TinyTuner resumed = TinyTuner.Create(device, seed: 1);
        FitReport report = resumed.Fit(train, train, options);
        resumed.SaveTask(At("task"));
        resumed.SaveBackbone(At("backbone"));
        using TinyTuner loaded = TinyTuner.Load(device, At("backbone"), seed: 9);
        loaded.LoadTask(At("task"));
        File.WriteAllText(At("recipe.json"), Recipe.Get("vtab-prompt").ToJson());

        Console.WriteLine($"device {device.Name}");
        Console.WriteLine($"epochs {report.Epochs.Length}");
        Console.WriteLine($"recipe {Recipe.Load(At("recipe.json")).Epochs}");
        Console.WriteLine($"classes {string.Join(' ', loaded.ClassNames!)}");
        Console.WriteLine($"reloaded {resumed.Predict(images).SequenceEqual(loaded.Predict(images))}");
        float[] first = loaded.Predict(images.AsSpan(0, floats));
        Console.WriteLine($"bits {string.Concat(first.Select(p => BitConverter.SingleToUInt32Bits(p).ToString("x8")))}");
        return 0;

        [Vit(Width = 16, Layers = 2, Heads = 2, Patch = 4, Image = 8)]
        [DeepPrompt(Tokens = 2, Dropout = 0.1)]
        [MlpHead(Classes = 3, Layers = 2)]
        internal sealed partial class TinyTuner;
        """;

    private readonly Consumer _consumer = new(library);

    public void Dispose() => _consumer.Dispose();

    [SkippableFact]
    public void Published_programs_compute_what_unpublished_ones_do_and_lose_nothing()
    {
        TestTier.RequireAll("A program is published three ways, which takes minutes");
        Skip.IfNot(OperatingSystem.IsLinux() && Environment.Is64BitProcess, "Publishing is tested on Linux x64.");
        _consumer.Write("flowers.cs", $"#:package VptDsl@{PackedLibrary.Version}\n" + Program);
        _consumer.DotNet("build", "flowers.cs", "--output", "app");
        string[] fileBased = ResultsOf(_consumer.Run(_consumer.PathOf("app/flowers"), "app-out", SameWidth));
        Assert.Equal(["epochs 3", "recipe 100", "classes a b c", "reloaded True"], fileBased[..^1]);

        File.Delete(_consumer.PathOf("flowers.cs"));
        _consumer.Write("Program.cs", Program);
        Assert.Equal(fileBased, Publish("trimmed", "PublishTrimmed"));

        Skip.If(FindOnPath("clang", "gcc") is null, "There is no clang and no gcc, with which .NET links what it compiles ahead of time.");
        Assert.Equal(fileBased, Publish("ahead", "PublishAot"));
    }

    private string[] Publish(string folder, string how)
    {
        _consumer.WriteProject($"<{how}>true</{how}>");
        _consumer.DotNet("publish", "Consumer.csproj", "--configuration", "Release", "--runtime", "linux-x64", "--output", folder);
        return ResultsOf(_consumer.Run(_consumer.PathOf($"{folder}/Consumer"), $"{folder}-out", SameWidth));
    }

    /// <summary>What the program found, without what it shows meanwhile and the machine it ran on.</summary>
    private static string[] ResultsOf(string output)
    {
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Contains(lines, line => line.StartsWith("device CPU", StringComparison.Ordinal));
        return [.. lines.SkipWhile(line => !line.StartsWith("epochs ", StringComparison.Ordinal))];
    }

    private static string? FindOnPath(params string[] programs) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => programs.Select(program => Path.Combine(folder, program))).FirstOrDefault(File.Exists);
}
