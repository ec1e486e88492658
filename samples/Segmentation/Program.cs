using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Segmentation;
using Spectre.Console;
using VptDsl;
using VptDsl.Training;

Option<string> deviceOption = DeviceOption.Create();
Option<int> epochsOption = Number.Option("--epochs", "How often every training scene is seen.", usual: 15, least: 1);
Option<double> rateOption = Number.Option("--rate", "The base learning rate.", usual: 0.08, least: 0);
Option<int> seedOption = Number.Option("--seed", "Decides prompts, decoder and the order of the scenes.", usual: 0, least: int.MinValue);
var pictureOption = new Option<FileInfo>("--picture")
{
    Description = "A PNG file to write: test scenes, truth, and what each model sees.",
};

var command = new RootCommand(
    "Tunes a small vision transformer, pre-trained on characters and clothes, to find shapes in scenes: the class of each pixel.")
{
    deviceOption,
    epochsOption,
    rateOption,
    seedOption,
    pictureOption,
};
command.SetAction(arguments =>
{
    string backbone = Path.Combine(AppContext.BaseDirectory, "data", "character-vit.safetensors");
    FileInfo? drawing = arguments.GetValue(pictureOption);
    OutputPlace.RequireDistinct([drawing], [new FileInfo(backbone)]);
    OutputPlace.Prepare(drawing);
    if (drawing is not null)
        StandardOutput.MakeOptional();
    var picture = new ScenePicture(Scenes.Test);
    var table = new Table().AddColumns("decoder", "prompts");
    foreach (string title in new[] { "trained parameters", "seconds", "test pixels right, %", "test mIoU, %" })
        table.AddColumn(new TableColumn(title).RightAligned());

    using Device device = DeviceOption.Open(arguments.GetValue(deviceOption));
    using var interruption = Interruption.Begin();
    foreach (Scheme scheme in Scheme.All)
    {
        using SegmentationTuner tuner = scheme.Load(device, backbone, arguments.GetValue(seedOption));
        long start = Stopwatch.GetTimestamp();
        var options = new FitOptions
        {
            Epochs = arguments.GetValue(epochsOption),
            BatchSize = 16,
            Optimizer = Optimizer.AdamW,
            BaseLearningRate = arguments.GetValue(rateOption),
            Seed = arguments.GetValue(seedOption),
        };
        tuner.Fit(Scenes.Train, Scenes.Validation, options, interruption.Token);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Evaluation test = tuner.Evaluate(Scenes.Test, cancellation: interruption.Token);
        table.AddRow(
            scheme.Decoder, scheme.Prompts, Text($"{scheme.TrainedParameters:N0}"), Text($"{seconds:F1}"),
            Text($"{100 * test.Accuracy:F1}"), Text($"{100 * test.MeanIoU:F1}"));
        AnsiConsole.WriteLine(
            Text($"{scheme.Decoder}, prompts {scheme.Prompts}: tuned in {seconds:F1} s, test mIoU {100 * test.MeanIoU:F1} %"));
        picture.Add(scheme, tuner);
    }

    AnsiConsole.Write(table);
    if (drawing is not null)
        picture.Save(drawing.FullName);
});
return CommandProgram.Run(command, args);

static string Text(FormattableString value) => value.ToString(CultureInfo.InvariantCulture);
