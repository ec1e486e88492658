using VptDsl.Data;
using VptDsl.Parquet;
using VptDsl.Parquet.Tests;
using VptDsl.Testing.Documentation;
using VptDsl.Tests.Data;
using VptDsl.Tests.Tool;
using VptDsl.Tests.Training;
using VptDsl.Tests.Weights;
using VptDsl.Tool.Models;
using VptDsl.Training;
using VptDsl.Training.Parallel;
using VptDsl.Training.Recipes;
using VptDsl.Weights;

namespace VptDsl.Tests.Documentation;

/// <summary>
/// Protects who searches the pages for what a program has said: each block of a message (<c>message</c>) is what the library says today,
/// when that what the page tells of happens. Only the folder is another.
/// </summary>
public sealed class QuotedMessageTests
{
    /// <summary>What makes a program say a message, by the page and the words that it begins with.</summary>
    private static readonly IReadOnlyDictionary<(string Page, string Beginning), Func<string>> Provocations =
        new Dictionary<(string, string), Func<string>>
        {
            [("docs/data.md", "data/b.jpg (data/train.txt, line 2): ")] = AskForAnImageThatIsAPage,
            [("docs/parallel-training.md", "The leader at 10.0.0.1:7311 and this worker ")] = JoinWithAnotherSeed,
            [("docs/parquet.md", "flowers/train-00001-of-00003.parquet, row 17: ")] = AskForARowWithoutAnImage,
            [("docs/training.md", "flowers.checkpoint: ")] = GoOnWithAnotherSeed,
            [("docs/training.md", "best of 40: ")] = ReportASweep,
            [("docs/weights.md", "vit.npz: ")] = LoadForLargerImages,
        };

    /// <summary>What blocks without a language begin with that other tests compare, or that are drawn.</summary>
    private static readonly string[] Excerpts =
    [
        "│ tuning", "A training step", "vit(image", "normalized1", "Read ──►", "samples/QuickStart/data/character-vit.safetensors: ",
        "./run.sh",
    ];

    public static TheoryData<string, int> Messages
    {
        get
        {
            var data = new TheoryData<string, int>();
            IEnumerable<MarkdownBlock> blocks = RepositoryFiles.Guides.SelectMany(MarkdownBlock.Of);
            foreach (MarkdownBlock block in blocks.Where(block => block.Language == "message"))
                data.Add(block.Page, block.Line);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_quoted_message_is_what_is_said(string page, int line)
    {
        string quoted = MarkdownBlock.Of(page).Single(block => block.Line == line).Text.TrimEnd();
        Func<string> provoke = Provocations.Single(pair => pair.Key.Page == page && quoted.StartsWith(pair.Key.Beginning)).Value;

        Assert.Equal(quoted, provoke());
    }

    /// <summary>A message in a block without a language would be compared with nothing.</summary>
    [Fact]
    public void Blocks_without_a_language_are_commands_or_known() => Assert.Empty(
        from page in RepositoryFiles.Guides
        let commands = ShellCommand.BlocksOf(page).Select(block => block.Line).ToHashSet()
        from block in MarkdownBlock.Of(page)
        where block.Language.Length == 0 && !commands.Contains(block.Line)
            && !Excerpts.Any(excerpt => block.Text.StartsWith(excerpt, StringComparison.Ordinal))
        select $"{page}({block.Line}): if a program says this, its language is 'message': {block.Text.Split('\n')[0]}");

    [Fact]
    public void Nothing_is_provoked_that_no_page_quotes() => Assert.Equal(Provocations.Count, Messages.Count());

    private static string AskForAnImageThatIsAPage()
    {
        using var folder = new ImageTree();
        folder.Images("data/a.jpg").Text("data/b.jpg", "<!DOCTYPE html><html></html>").Text("data/train.txt", "a.jpg 0\nb.jpg 1\n");
        PixelImages set = ListFile.Read(folder.Path("data/train.txt"), Transforms.FgvcTest(8));
        return Assert.Throws<ImageDataException>(() => set.CopyImage(1, new float[set.Shape.Floats])).Message
            .Replace(folder.Root + Path.DirectorySeparatorChar, "");
    }

    private static string AskForARowWithoutAnImage()
    {
        using var files = new HubFile();
        Directory.CreateDirectory(files.PathOf("flowers"));
        files.WriteLabelled("flowers/train-00000-of-00003.parquet", [.. Enumerable.Repeat<int?>(0, 4)]);
        int?[] labels = [.. Enumerable.Range(0, 20).Select(row => (int?)(row % 2))];
        files.WriteLabelled("flowers/train-00001-of-00003.parquet", labels, without: 17);
        PixelImages set = ParquetImages.Read(files.PathOf("flowers/train-*.parquet"), Transforms.FgvcTest(8));
        return Assert.Throws<ImageDataException>(() => set.CopyImage(4 + 17, new float[set.Shape.Floats])).Message
            .Replace(files.Folder + Path.DirectorySeparatorChar, "");
    }

    private static string GoOnWithAnotherSeed()
    {
        using var folder = new TempFolder();
        var options = new FitOptions
        {
            Epochs = 2,
            Progress = ProgressDisplay.Off,
            Checkpoint = new Checkpoint(folder.Path("flowers.checkpoint")),
        };
        using var program = new SoftmaxRegression(3, 3);
        ImageSet train = ToySets.BrightRows(9, seed: 1);
        Trainer.Fit(program, train, validation: null, options with { PauseAfter = 1 });
        using var again = new SoftmaxRegression(3, 3);
        return Assert.Throws<WeightFileException>(() => Trainer.Fit(again, train, validation: null, options with { Seed = 1 })).Message
            .Replace(folder.Root + Path.DirectorySeparatorChar, "");
    }

    private static string JoinWithAnotherSeed()
    {
        const string secret = "of sixteen letters";
        ModelDeclaration declaration = ModelDeclaration.Parse(
            "[Vit(Width = 128, Layers = 6, Heads = 4, Patch = 4, Image = 28, Channels = 1)] [LinearHead(Classes = 2)]");
        ImageSet train = ImageSet.FromFloats(new ImageShape(1, 28, 28), new float[4 * 28 * 28], [0, 1, 0, 1], ["a", "b"]);
        var options = new FitOptions { Epochs = 1, Progress = ProgressDisplay.Off };
        using Device one = Device.Cpu(1), two = Device.Cpu(1);
        using Tuner leader = CompiledModel.Of(declaration).Load(one, VptProcess.Backbone, entry: null, seed: 0);
        using Tuner worker = CompiledModel.Of(declaration).Load(two, VptProcess.Backbone, entry: null, seed: 0);
        using var leading = new LeadingWorkers("127.0.0.1:0", secret, workers: 2) { StartTimeout = TimeSpan.FromMinutes(5) };
        using var stop = new CancellationTokenSource();
        Task leads = Task.Run(() => leader.Fit(train, options: options with { Workers = leading }, cancellation: stop.Token));
        string message = Assert.Throws<IOException>(() => worker.Fit(
            train, options: options with { Seed = 1, Workers = new JoiningWorkers(leading.Address, secret) })).Message;
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => leads.GetAwaiter().GetResult());
        return message.Replace(leading.Address, "10.0.0.1:7311");
    }

    private static string LoadForLargerImages()
    {
        const int width = 4, heads = 2, layers = 12, hidden = 4 * width;
        using var folder = new TempFolder();
        (string Name, int[] Shape)[] inLayers =
        [
            ("LayerNorm_0/scale", [width]), ("LayerNorm_0/bias", [width]), ("LayerNorm_2/scale", [width]), ("LayerNorm_2/bias", [width]),
            .. new[] { "query", "key", "value" }.SelectMany(part => new (string, int[])[]
            {
                ($"MultiHeadDotProductAttention_1/{part}/kernel", [width, heads, width / heads]),
                ($"MultiHeadDotProductAttention_1/{part}/bias", [heads, width / heads]),
            }),
            ("MultiHeadDotProductAttention_1/out/kernel", [heads, width / heads, width]),
            ("MultiHeadDotProductAttention_1/out/bias", [width]),
            ("MlpBlock_3/Dense_0/kernel", [width, hidden]), ("MlpBlock_3/Dense_0/bias", [hidden]),
            ("MlpBlock_3/Dense_1/kernel", [hidden, width]), ("MlpBlock_3/Dense_1/bias", [width]),
        ];
        (string Name, int[] Shape)[] all =
        [
            ("cls", [1, 1, width]), ("Transformer/posembed_input/pos_embedding", [1, 1 + (14 * 14), width]),
            ("embedding/kernel", [2, 2, 3, width]), ("embedding/bias", [width]),
            ("Transformer/encoder_norm/scale", [width]), ("Transformer/encoder_norm/bias", [width]),
            ("head/bias", [5]), ("head/kernel", [width, 5]),
            .. Enumerable.Range(0, layers).SelectMany(layer => inLayers.Select(
                array => ($"Transformer/encoderblock_{layer}/{array.Name}", array.Shape))),
        ];
        string path = folder.Write("vit.npz", RawZip.Pack(deflate: false, [.. all.Select(array => (
            array.Name + ".npy",
            RawNpy.Floats(array.Shape.Select(size => (long)size), new float[array.Shape.Aggregate(1, (a, b) => a * b)])))]));
        WeightReport report = BackboneLoader.Load(path, SmallVit.Describe(width, layers, image: 48), (_, _) => { });
        return report.ToString().Replace(folder.Root + Path.DirectorySeparatorChar, "");
    }

    private static string ReportASweep()
    {
        var best = new Trial { LearningRate = 5, WeightDecay = 0.001, ValidationAccuracy = 0.675 };
        double[] test = [0.6581, 0.6581 + 0.00664, 0.6581, 0.6581 - 0.00664, 0.6581];
        return new SweepReport
        {
            Trials = [.. Enumerable.Repeat(best, 40)],
            Best = best,
            Finals = [.. test.Select((accuracy, seed) => new FinalRun { Seed = seed, TestAccuracy = accuracy, TrainLosses = [] })],
        }.ToString();
    }
}
