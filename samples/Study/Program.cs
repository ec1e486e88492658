using System.CommandLine;
using System.Diagnostics;
using Spectre.Console;
using Study;
using Study.Report;
using VptDsl;

var outputOption = new Option<DirectoryInfo>("--output")
{
    Description = "The folder of results and report. A study that was stopped goes on from it.",
    DefaultValueFactory = _ => new DirectoryInfo("study-results"),
};
var quickOption = new Option<bool>("--quick")
{
    Description = "Two epochs, one rate and one seed each: shows in some two minutes that everything works, and measures nothing.",
};
var onlyOption = new Option<string>("--only")
{
    Description = "One method of the table, by its name there: runs it, shows its numbers, and writes no report.",
};
var measureOption = new Option<string>(PeakMemory.Option)
{
    Description = "One method, trained for an epoch: prints the peak memory of doing so, in bytes.",
    Hidden = true,
};
string[] methods = [.. Catalogue.Methods.Select(m => m.Name)];
onlyOption.AcceptOnlyFromAmong(methods);
measureOption.AcceptOnlyFromAmong(methods);
var command = new RootCommand("Compares the ways to tune a backbone, as the paper does, on one small task, and writes a report.")
{
    outputOption,
    quickOption,
    onlyOption,
    measureOption,
};
command.SetAction(Run);
return SampleProgram.Run(command, args);

void Run(ParseResult arguments)
{
    long start = Stopwatch.GetTimestamp();
    DirectoryInfo folder = arguments.GetRequiredValue(outputOption);
    OutputPlace.Prepare(folder);
    string output = folder.FullName;
    using Device device = Device.Auto();
    var run = new StudyRun(device, Path.Combine(AppContext.BaseDirectory, "data"), output, arguments.GetValue(quickOption));

    if (arguments.GetValue(measureOption) is { } measured)
    {
        run.TrainOneEpoch(Catalogue.Methods.Single(m => m.Name == measured));
        Console.WriteLine(PeakMemory.OfThisProcess());
        return;
    }

    StandardOutput.MakeOptional();
    AnsiConsole.WriteLine($"Training on {device.Name}; results go to {output}.");
    if (arguments.GetValue(onlyOption) is { } only)
    {
        run.Run(Catalogue.Methods.Single(m => m.Name == only));
        return;
    }

    var results = new StudyResults
    {
        Methods = [.. Catalogue.Methods.Select(m => new Method(run.Run(m), run.PeakBytes(m)))],
        Curves =
        [
            new Curve("Prompt length", "prompts before a layer", Logarithmic: true,
            [
                new Series("VPT-shallow", [.. Catalogue.ShallowLengths.Select(p => new Point(p.Length, run.Run(p.Protocol)))]),
                new Series("VPT-deep", [.. Catalogue.DeepLengths.Select(p => new Point(p.Length, run.Run(p.Protocol)))]),
            ]),
            new Curve("Prompt depth", "prompted layers", Logarithmic: false,
            [
                new Series("the first layers", [.. Catalogue.FirstLayers.Select(p => new Point(p.Layers, run.Run(p.Protocol)))]),
                new Series("the last layers", [.. Catalogue.LastLayers.Select(p => new Point(p.Layers, run.Run(p.Protocol)))]),
            ]),
            new Curve("Share of the training images", "% of the training images", Logarithmic: true,
                [
                    .. Catalogue.Followed.Select(m =>
                        new Series(m.Name, [.. Catalogue.Fractions.Select(f => new Point(100 * f, run.Run(m, f)))])),
                ]),
        ],
        Embeddings = [.. Catalogue.Followed.Select(m => (m.Name, run.Embeddings(m)))],
    };
    string report = ReportFiles.Write(output, results);
    AnsiConsole.WriteLine(FormattableString.Invariant($"Wrote {report} after {Stopwatch.GetElapsedTime(start).TotalMinutes:F1} minutes."));
}
