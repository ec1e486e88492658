using System.Diagnostics;
using System.Runtime.CompilerServices;
using SkiaSharp;
using VptDsl.Data;
using VptDsl.Tasks;
using VptDsl.Weights;

namespace VptDsl.EndToEnd.Tests;

/// <summary>Protects the command line: its commands work together on a folder of real images.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vptdsl-cli-");

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Data => Path.Combine(FindRoot(), "samples", "QuickStart", "data");

    private static string Backbone => Path.Combine(Data, "character-vit.safetensors");

    [Fact]
    public void Training_measuring_predicting_and_inspecting_fit_together()
    {
        WriteDigits("train", perClass: 8);
        WriteDigits("test", perClass: 5);
        string[] model = ["--backbone", Backbone, "--device", "cpu"];

        string trained = Run(
            [
            "train", .. model, "--images", At("train"), "--task", At("digits.task"), "--epochs", "6", "--rate", "10", "--transforms",
            "vtab",
            "--checkpoint", At("run")]);
        Assert.Contains("timm names, loaded 78 tensors", trained, StringComparison.Ordinal);
        Assert.Contains("epoch 6/6: loss", trained, StringComparison.Ordinal);
        Assert.Contains("validation accuracy", trained, StringComparison.Ordinal);
        Assert.Contains("digits.task", trained, StringComparison.Ordinal);

        string again = Run(
            [
            "train", .. model, "--images", At("train"), "--task", At("again.task"), "--epochs", "6", "--rate", "10", "--transforms", "vtab",
            "--checkpoint", At("run")]);
        Assert.Contains("finished before", again, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(At("digits.task")), File.ReadAllBytes(At("again.task")));

        string measured = Run(["eval", .. model, "--images", At("test"), "--task", At("digits.task")]);
        Assert.Contains("% of 15 images", measured, StringComparison.Ordinal);
        Assert.Contains("\nbalanced accuracy ", measured, StringComparison.Ordinal);

        string predicted = Run(["predict", .. model, AnyImage("test"), "--task", At("digits.task"), "--top", "2"]);
        Assert.Equal(3, predicted.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Matches("  [ 0-9.]+ %  (one|two|zero)", predicted);

        string inspected = Run(["inspect", At("digits.task")]);
        Assert.Contains("a task file of VptDsl", inspected, StringComparison.Ordinal);
        Assert.Contains("classes      3: one, two, zero", inspected, StringComparison.Ordinal);
        Assert.Contains(" linear(classes=3) ", inspected, StringComparison.Ordinal);
        Assert.Contains("resize 28 bilinear | normalize", inspected, StringComparison.Ordinal);
    }

    [Fact]
    public void Task_files_of_0_1_0_are_read_with_the_classes_that_have_images()
    {
        WriteDigits("train", perClass: 2);
        string[] model = ["--backbone", Backbone, "--prompts", "none", "--device", "cpu"];
        Run(["train", .. model, "--images", At("train"), "--task", At("task"), "--epochs", "2", "--transforms", "vtab"]);
        Widen(At("task"), At("old"), classes: 400);

        foreach (string[] command in (string[][])[["eval", "--images", At("train")], ["predict", AnyImage("train"), "--top", "9"]])
        {
            string[] now = [command[0], .. model, .. command[1..], "--task"];
            Assert.Equal(Run([.. now, At("task")]), Run([.. now, At("old")]));
        }

        Assert.Contains("classes      3: one, two, zero", Run(["inspect", At("old")]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_sweep_says_what_is_best_and_goes_on_from_its_results()
    {
        WriteDigits("train", perClass: 5);
        File.WriteAllText(At("recipe.json"), """{ "name": "mine", "learningRates": [1, 10], "weightDecays": [0], "seeds": [1, 2] }""");
        string[] sweep =
        [
            "sweep", "--backbone", Backbone, "--prompts", "none", "--device", "cpu", "--images", At("train"), "--test", At("train"),
            "--recipe", At("recipe.json"), "--epochs", "3", "--results", At("results.jsonl"),
        ];
        string first = Run(sweep);
        Assert.Contains("best of 2: rate", first, StringComparison.Ordinal);
        Assert.Contains("over 2 seeds", first, StringComparison.Ordinal);
        Assert.Equal(1 + 2 + 2, File.ReadLines(At("results.jsonl")).Count());
        Assert.EndsWith(Run(sweep), first, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_tells_its_declaration_and_a_model_its_cost()
    {
        string inspected = Run(["inspect", Backbone]);
        Assert.Contains(
            "declared by  [Vit(Width = 128, Layers = 6, Heads = 4, Patch = 4, Image = 28, Channels = 1)]",
            inspected,
            StringComparison.Ordinal);
        Assert.Contains("can be loaded", inspected, StringComparison.Ordinal);
        string explained = Run(["explain", "--attribute", "[Vit(VitSize.Base, Patch = 16)]", "--prompts", "deep:50"]);
        Assert.Contains("ViT of width 768", explained, StringComparison.Ordinal);
        Assert.Contains("without what no result depends on", explained, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_is_one_sentence_and_no_stack_trace()
    {
        string errors = Run(["inspect", At("none.safetensors")], fails: true);
        Assert.Contains("none.safetensors", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.Contains(
            "use an image of 221 or 238",
            Run(["explain", "--attribute", "[Vit(VitSize.Base, Patch = 17)]"], fails: true),
            StringComparison.Ordinal);
    }

    private static string Run(IEnumerable<string> arguments, bool fails = false)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "vpt.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["VPTDSL_CACHE"] = Path.Combine(AppContext.BaseDirectory, "compiled-models");
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(fails == (process.ExitCode != 0), $"{process.ExitCode}\n{output}\n{errors.Result}");
        return fails ? output + errors.Result : output;
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private string AnyImage(string folder) =>
        Directory.EnumerateFiles(Path.Combine(At(folder), "one")).Order(StringComparer.Ordinal).First();

    /// <summary>Writes a task as 0.1.0 did: with classes that have no images, and were not told from the others.</summary>
    private static void Widen(string path, string written, int classes)
    {
        using var file = SafetensorsFile.Open(path);
        int used = TaskFile.Inspect(path).Classes!.Value;
        Dictionary<string, string> metadata = file.Metadata.Where(pair => pair.Key != "sha256").ToDictionary();
        metadata["declaration"] = metadata["declaration"].Replace($"classes={used}", $"classes={classes}", StringComparison.Ordinal);
        string unused = string.Concat(Enumerable.Range(used, classes - used).Select(i => $",\"/unused/{i}\""));
        metadata["class_names"] = metadata["class_names"].Replace("]", $"{unused}]", StringComparison.Ordinal);
        SafetensorsWriter.Write(written, [.. file.Tensors.Select(tensor => Widened(file, tensor, classes))], metadata);
    }

    private static TensorToWrite Widened(SafetensorsFile file, TensorInfo tensor, int classes)
    {
        float[] values = file.ReadFloats(tensor.Name);
        int[] shape = [.. tensor.Shape.Select(size => (int)size)];
        if (tensor.Name is "head.weight" or "head.bias")
        {
            int others = values.Length / shape[0] * (classes - shape[0]);
            shape[0] = classes;
            values = [.. values, .. Enumerable.Repeat(tensor.Name == "head.bias" ? -100f : 0, others)];
        }

        return new TensorToWrite(tensor.Name, [.. shape], values);
    }

    private void WriteDigits(string name, int perClass)
    {
        ImageSet digits = IdxFile.ReadImages(
            Path.Combine(Data, $"digits-{name}-images-idx3-ubyte.gz"),
            Path.Combine(Data, $"digits-{name}-labels-idx1-ubyte.gz"),
            new Normalization(0, 1));
        string[] classes = ["zero", "one", "two"];
        float[] pixels = new float[28 * 28];
        for (int label = 0; label < classes.Length; label++)
        {
            DirectoryInfo folder = Directory.CreateDirectory(Path.Combine(At(name), classes[label]));
            foreach (int index in Enumerable.Range(0, digits.Count).Where(i => digits.Label(i) == label).Take(perClass))
            {
                digits.CopyImage(index, pixels);
                using var bitmap = new SKBitmap(28, 28, SKColorType.Gray8, SKAlphaType.Opaque);
                Span<byte> pixelBytes = bitmap.GetPixelSpan();
                for (int i = 0; i < pixels.Length; i++)
                    pixelBytes[i] = (byte)MathF.Round(255 * pixels[i]);
                using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
                File.WriteAllBytes(Path.Combine(folder.FullName, $"{index:D4}.png"), png.ToArray());
            }
        }
    }

    private static string FindRoot([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));
}
