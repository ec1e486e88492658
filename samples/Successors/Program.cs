using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using QuickStart;
using Spectre.Console;
using Successors;
using VptDsl;
using VptDsl.Training;

Option<int> epochsOption = Number.Option("--epochs", "How often every training image is seen.", usual: 5, least: 1);
var command = new RootCommand("Tunes a small vision transformer by prompt schemes that are declared in this project, not in the library.")
{
    epochsOption,
};
command.SetAction(arguments =>
{
    string data = Path.Combine(AppContext.BaseDirectory, "data");
    using Device device = Device.Auto();
    AnsiConsole.WriteLine($"Tuning on {device.Name}.");
    Digits digits = Digits.Read(data);
    using var interruption = Interruption.Begin();
    Table table = new Table().AddColumn("prompts");
    foreach (string title in new[] { "trained parameters", "seconds", "training loss", "test accuracy, %" })
        table.AddColumn(new TableColumn(title).RightAligned());
    foreach (Scheme scheme in Scheme.All)
    {
        using Tuner tuner = scheme.Load(device, Path.Combine(data, "character-vit.safetensors"), 0);
        long start = Stopwatch.GetTimestamp();
        var options = new FitOptions
        {
            Epochs = arguments.GetValue(epochsOption),
            BatchSize = 16,
            BaseLearningRate = 3,
            Progress = ProgressDisplay.Off,
        };
        FitReport report = tuner.Fit(digits.Train, options: options, cancellation: interruption.Token);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        table.AddRow(
            scheme.Name, Text($"{scheme.TrainedParameters:N0}"), Text($"{seconds:F1}"), Text($"{report.Epochs[^1].TrainLoss:F3}"),
            Text($"{100 * tuner.Evaluate(digits.Test, cancellation: interruption.Token).Accuracy:F1}"));
    }

    AnsiConsole.Write(table);
});
return CommandProgram.Run(command, args);

static string Text(FormattableString value) => value.ToString(CultureInfo.InvariantCulture);
