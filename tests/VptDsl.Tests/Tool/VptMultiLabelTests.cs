using System.Globalization;
using System.Text.Json;
using SkiaSharp;
using VptDsl.Data;
using VptDsl.Programs;
using VptDsl.Tasks;
using VptDsl.Tool.Models;
using VptDsl.Training;

namespace VptDsl.Tests.Tool;

/// <summary>
/// Images with several classes are learned, measured and predicted from a list, through the generator and its program; what is about one
/// class of an image is refused in words.
/// </summary>
public sealed class VptMultiLabelTests(VptFixture fixture) : IClassFixture<VptFixture>
{
    private const int Side = 28, Images = 40;

    private const string Head = "[LinearHead(MultiLabel = true)]";

    [Fact]
    public void A_list_is_learned_measured_and_predicted()
    {
        string list = WriteImages("tagged");
        string[] model = ["--backbone", VptProcess.Backbone, "--device", "cpu"];
        (int trained, string said, string problem) = VptProcess.Run(
        [
            "train", .. model, "--prompts", "none", "--head", Head, "--images", list, "--validation", list,
            "--task", fixture.Path("tagged.task"), "--transforms", "vtab", "--epochs", "40", "--rate", "0.5",
            "--label-smoothing", "0.05", "--log", fixture.Path("tagged.csv"),
        ]);
        Assert.True(trained == 0, problem);
        Assert.Contains(": validation mAP ", said, StringComparison.Ordinal);
        Assert.Contains("validation/mean_average_precision", File.ReadAllText(fixture.Path("tagged.csv")), StringComparison.Ordinal);
        string declaration = TaskFile.Inspect(fixture.Path("tagged.task")).Declaration;
        Assert.Contains("linear(classes=2,labels=many)", declaration, StringComparison.Ordinal);

        string[] task = [.. model, "--task", fixture.Path("tagged.task")];
        JsonElement measured = JsonDocument.Parse(Answer(["eval", .. task, "--images", list, "--json"])).RootElement;
        Assert.InRange(measured.GetProperty("meanAveragePrecision").GetDouble(), 0.95, 1);
        Assert.False(measured.TryGetProperty("balancedAccuracy", out _));
        Assert.All(
            measured.GetProperty("classes").EnumerateArray(), row => Assert.Equal(Images / 2, row.GetProperty("images").GetInt32()));
        Assert.Contains(", mAP ", Answer(["eval", .. task, "--images", list]), StringComparison.Ordinal);

        // Image 3 has both classes, image 0 none.
        string[] predict = ["predict", .. task, "--threshold", "0.5", "--csv"];
        Assert.Equal(3, Lines(Answer([.. predict, fixture.Path("tagged/3.png")])).Length);
        Assert.Single(Lines(Answer([.. predict, fixture.Path("tagged/0.png")])));
        Assert.Equal(3, Lines(Answer(["predict", .. task, "--csv", fixture.Path("tagged/0.png")])).Length);

        Refused(
            "which class is taken for which",
            ["report", .. task, "--images", fixture.Path("images"), "--output", fixture.Path("no.html")]);
        Refused("give a list", ["eval", .. task, "--images", fixture.Path("images")]);
        Refused("Mixup", ["train", .. model, "--prompts", "none", "--head", Head, "--images", list, "--task", fixture.Path("no.task"),
            "--mixup", "0.8"]);
    }

    [Fact]
    public void A_head_with_more_room_learns_the_same_and_smoothing_is_timms()
    {
        MultiLabelImages images = MultiLabelFile.Read(WriteImages("rooms"), Transforms.Vtab(Side, new Normalization(0.32f, 0.36f)));
        var options = new FitOptions
        {
            Epochs = 3,
            BatchSize = 8,
            BaseLearningRate = 1,
            LabelSmoothing = 0.1,
            Progress = ProgressDisplay.Off,
        };
        using Device device = Device.Cpu(2);
        using Tuner exact = Load(device, 2), roomy = Load(device, 7);
        FitReport expected = exact.Fit(images, images, options), report = roomy.Fit(images, images, options);

        Assert.Equal(expected.Epochs[^1].TrainLoss, report.Epochs[^1].TrainLoss, 1e-6);
        Assert.Equal(expected.Best.ValidationMeanAveragePrecision!.Value, report.Best.ValidationMeanAveragePrecision!.Value, 1e-9);
        float[] pixels = new float[Side * Side];
        images.CopyImage(3, pixels);
        Assert.All(exact.Predict(pixels).Zip(roomy.Predict(pixels)), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        exact.SaveTask(fixture.Path("exact.task"));
        roomy.LoadTask(fixture.Path("exact.task"));
        Assert.Equal(2, roomy.TaskClasses);

        Evaluation evaluation = exact.Evaluate(images);
        Assert.NotNull(evaluation.MultiLabel);
        Assert.Null(evaluation.TopAccuracy(1));
        Says("MultiLabel", Assert.Throws<InvalidOperationException>(() => evaluation.Confusion));
        Assert.Throws<InvalidOperationException>(() => evaluation.BalancedAccuracy);
        Assert.Contains(", mAP ", evaluation.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_loss_is_the_mean_over_classes_and_images()
    {
        MultiLabelImages images = MultiLabelFile.Read(WriteImages("first"), Transforms.Vtab(Side, new Normalization(0.32f, 0.36f)));
        using Device device = Device.Cpu(2);
        using Tuner tuner = Load(device, 5);
        tuner.ResetHead(2);
        float[] weights = Parameter(tuner, "head.weight"), biases = Parameter(tuner, "head.bias");
        double expected = 0;
        int[] labels = new int[2];
        for (int i = 0; i < Images; i++)
        {
            float[] pixels = new float[Side * Side];
            images.CopyImage(i, pixels);
            images.CopyLabels(i, labels);
            float[] features = tuner.Embed(pixels), probabilities = tuner.Predict(pixels);
            for (int label = 0; label < 2; label++)
            {
                ReadOnlyMemory<float> row = weights.AsMemory(label * features.Length, features.Length);
                double logit = biases[label] + features.Zip(row.ToArray(), (feature, weight) => (double)feature * weight).Sum();
                Assert.Equal(1 / (1 + Math.Exp(-logit)), probabilities[label], 1e-5);
                // On: 1 - ε + ε/K, off: ε/K.
                double target = (0.8 * labels[label]) + 0.1;
                double softplus = Math.Max(logit, 0) + Math.Log(1 + Math.Exp(-Math.Abs(logit)));
                expected += (softplus - (target * logit)) / (2 * Images);
            }
        }

        FitReport report = tuner.Fit(images, options: new FitOptions
        {
            Epochs = 1,
            BatchSize = Images,
            LabelSmoothing = 0.2,
            BaseLearningRate = 0,
            Progress = ProgressDisplay.Off,
        });
        Assert.Equal(expected, report.Epochs[0].TrainLoss, 1e-4);
    }

    [Fact]
    public void Sets_and_options_of_one_class_an_image_are_refused()
    {
        MultiLabelImages images = MultiLabelFile.Read(WriteImages("refused"), Transforms.Vtab(Side, new Normalization(0.32f, 0.36f)));
        PixelImages folders = ImageFolder.Read(fixture.Path("images"), Transforms.Vtab(Side, new Normalization(0.32f, 0.36f)));
        using Device device = Device.Cpu(1);
        using Tuner tuner = Load(device, 5);
        var quiet = new FitOptions { Epochs = 1, Progress = ProgressDisplay.Off };

        Says("MultiLabelFile", Assert.Throws<ArgumentException>(() => tuner.Fit(folders, options: quiet)));
        FitOptions weighed = quiet with { ClassWeights = ClassWeights.Of(1, 2) }, mixed = quiet with { Mixup = new Mixup { Alpha = 1 } };
        Says("ClassWeights", Assert.Throws<ArgumentException>(() => tuner.Fit(images, options: weighed)));
        Says("Mixup", Assert.Throws<ArgumentException>(() => tuner.Fit(images, options: mixed)));
        Says("several classes", Assert.Throws<ArgumentException>(() => ClassWeights.Balanced(images)));
    }

    private static void Says(string words, Exception error) => Assert.Contains(words, error.Message, StringComparison.Ordinal);

    private static Tuner Load(Device device, int room)
    {
        const string backbone = "[Vit(Width = 128, Layers = 6, Heads = 4, Patch = 4, Image = 28, Channels = 1)]";
        string head = FormattableString.Invariant($"[LinearHead(Classes = {room}, MultiLabel = true)]");
        return CompiledModel.Of(ModelDeclaration.Parse($"{backbone} {head}")).Load(device, VptProcess.Backbone, entry: null, seed: 1);
    }

    private static float[] Parameter(Tuner tuner, string name) =>
        tuner.Compiled.Read(tuner.Model.Parameters.Single(parameter => parameter.Name == name));

    private static string Answer(string[] command)
    {
        (int exitCode, string output, string errors) = VptProcess.Run(command, "tr_TR");
        Assert.True(exitCode == 0, errors);
        return output;
    }

    private static void Refused(string reason, string[] command)
    {
        (int exitCode, _, string errors) = VptProcess.Run(command);
        Assert.Equal(1, exitCode);
        Assert.Contains(reason, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Images with a bright upper half, a bright left half, both or neither, a quarter each; the list that says so.</summary>
    private string WriteImages(string name)
    {
        string folder = Directory.CreateDirectory(fixture.Path(name)).FullName;
        List<string> lines = [];
        for (int i = 0; i < Images; i++)
        {
            using var bitmap = new SKBitmap(Side, Side, SKColorType.Gray8, SKAlphaType.Opaque);
            Span<byte> pixels = bitmap.GetPixelSpan();
            for (int place = 0; place < pixels.Length; place++)
            {
                bool isBright = ((i & 1) != 0 && place / Side < Side / 2) || ((i & 2) != 0 && place % Side < Side / 2);
                pixels[place] = (byte)((isBright ? 200 : 20) + i);
            }

            using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
            File.WriteAllBytes(Path.Combine(folder, $"{i}.png"), png.ToArray());
            string file = i.ToString(CultureInfo.InvariantCulture) + ".png";
            lines.Add(file + ((i & 1) != 0 ? ",\"above, bright\"" : "") + ((i & 2) != 0 ? ",left" : ""));
        }

        string list = Path.Combine(folder, "list.csv");
        File.WriteAllLines(list, lines);
        return list;
    }
}
