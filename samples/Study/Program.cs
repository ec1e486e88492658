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
var quickOption = new Option<bool>(StudyRun.QuickOption)
{
    Description = "Two epochs, one rate and one seed each: shows in some minutes that everything works, and measures nothing.",
};
var onlyOption = new Option<string>("--only")
{
    Description = "One method of the table, by its name there: runs it on every task, shows its numbers, and writes no report.",
};
var taskOption = new Option<string>("--task")
{
    Description = "One task: runs every method on it, or that of --only, on the digits also what the curves show; writes no report.",
};
var measureOption = new Option<string>(RunCost.Option)
{
    Description = "One method, trained once: prints peak memory in bytes, and seconds.",
    Hidden = true,
};
string[] methods = [.. Catalogue.Methods.Select(m => m.Name)];
onlyOption.AcceptOnlyFromAmong(methods);
taskOption.AcceptOnlyFromAmong([.. StudyTask.All.Select(task => task.Key)]);
measureOption.AcceptOnlyFromAmong(methods);
var command = new RootCommand("Compares the ways to tune a backbone, as the paper does, on three small tasks, and writes a report.")
{
    outputOption,
    quickOption,
    onlyOption,
    taskOption,
    measureOption,
};
command.SetAction(Run);
return CommandProgram.Run(command, args);

void Run(ParseResult arguments)
{
    long start = Stopwatch.GetTimestamp();
    DirectoryInfo folder = arguments.GetRequiredValue(outputOption);
    string? measure = arguments.GetValue(measureOption);
    if (measure is null)
        OutputPlace.Prepare(folder);
    string output = folder.FullName;
    using Device device = Device.Auto();
    var run = new StudyRun(device, Path.Combine(AppContext.BaseDirectory, "data"), output, arguments.GetValue(quickOption));

    if (measure is { } measured)
    {
        double seconds = run.TrainOnce(Catalogue.Methods.Single(m => m.Name == measured));
        Console.WriteLine(RunCost.OfThisProcess(seconds));
        return;
    }

    StandardOutput.MakeOptional();
    AnsiConsole.WriteLine($"Training on {device.Name}; results go to {output}.");
    if (arguments.GetValue(onlyOption) is not null || arguments.GetValue(taskOption) is not null)
    {
        RunPart(run, arguments.GetValue(onlyOption), arguments.GetValue(taskOption));
        return;
    }

    var results = new StudyResults
    {
        Methods = [.. Catalogue.Methods.Select(m => new Method([.. StudyTask.All.Select(task => run.Run(m, task))], run.CostOf(m)))],
        Curves = StudyCurves.Of(run),
        Embeddings = [.. Catalogue.Followed.Select(m => (m.Name, run.Embeddings(m)))],
    };
    string report = ReportFiles.Write(output, results);
    AnsiConsole.WriteLine(FormattableString.Invariant($"Wrote {report} after {Stopwatch.GetElapsedTime(start).TotalMinutes:F1} minutes."));
}

void RunPart(StudyRun run, string? only, string? part)
{
    foreach (StudyTask task in StudyTask.All.Where(task => part is null || task.Key == part))
    {
        foreach (Protocol method in Catalogue.Methods.Where(m => only is null || m.Name == only))
            run.Run(method, task);
    }

    if (only is null && part == StudyTask.Digits.Key)
        StudyCurves.Of(run);
}
