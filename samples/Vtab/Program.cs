using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text;
using Spectre.Console;
using VptDsl;
using VptDsl.Data;
using VptDsl.Training.Recipes;
using Vtab;

var dataOption = new Option<DirectoryInfo>("--data")
{
    Description = "The folder of VTAB-1k: a folder for each task, with its lists.",
    Required = true,
};
var weightsOption = new Option<string>("--weights")
{
    Description = "The backbone: ViT-B/16 of ImageNet-21k, ViT-B_16.npz for the paper's.",
    Required = true,
};
var tasksOption = new Option<string[]>("--tasks")
{
    Description = "Tasks by the names of their folders; all that the folder has if left out.",
    AllowMultipleArgumentsPerToken = true,
};
var methodsOption = new Option<string[]>("--methods")
{
    Description = "Rows of the paper's Table 1; all four if left out.",
    AllowMultipleArgumentsPerToken = true,
};
methodsOption.AcceptOnlyFromAmong([.. Method.All.Select(m => m.Name)]);
string[] lengths = [.. Method.All.SelectMany(m => m.Variants).Where(v => v.Tokens > 0).Select(v => Words(v.Tokens)).Distinct()];
var tokensOption = new Option<string[]>("--tokens")
{
    Description = $"Prompt lengths to choose from: {string.Join(", ", lengths)}; all if left out.",
    AllowMultipleArgumentsPerToken = true,
};
tokensOption.AcceptOnlyFromAmong(lengths);
var resultsOption = new Option<DirectoryInfo>("--results")
{
    Description = "The folder of the results. What was stopped goes on from it.",
    DefaultValueFactory = _ => new DirectoryInfo("vtab-results"),
};
Option<int?> epochsOption = Number.Optional("--epochs", "Another length of the runs than the recipes' 100 epochs.", least: 1);
Option<string> deviceOption = DeviceOption.Create();
var command = new RootCommand("Reproduces rows of the paper's Table 1 on VTAB-1k: its grid, its seeds, its splits.")
{
    dataOption,
    weightsOption,
    tasksOption,
    methodsOption,
    tokensOption,
    resultsOption,
    epochsOption,
    deviceOption,
};
command.SetAction(arguments =>
{
    string data = arguments.GetRequiredValue(dataOption).FullName;
    string[] named = arguments.GetValue(tasksOption) ?? [];
    ImmutableArray<VtabTask> tasks = named.Length == 0 ? VtabTask.In(data) : [.. named.Select(VtabTask.Get)];
    if (tasks.IsEmpty)
        throw new IOException($"The folder {data} has no folder of a VTAB-1k task: {string.Join(", ", VtabTask.All.Select(t => t.Name))}.");
    string[] methods = arguments.GetValue(methodsOption) ?? [];
    DirectoryInfo results = arguments.GetRequiredValue(resultsOption);
    OutputPlace.Prepare(results);
    using Device device = DeviceOption.Open(arguments.GetValue(deviceOption));
    using var interruption = Interruption.Begin();
    var protocol = new Protocol(device, data, arguments.GetRequiredValue(weightsOption), results.FullName)
    {
        Epochs = arguments.GetValue(epochsOption),
        Tokens = [.. (arguments.GetValue(tokensOption) ?? []).Select(length => int.Parse(length, CultureInfo.InvariantCulture))],
    };
    // What earlier runs found stands in the table too.
    var table = new ResultTable();
    foreach (Method method in Method.All)
    {
        foreach (VtabTask task in VtabTask.All)
        {
            if (Found(method, task) is { } found)
                table.Add(method.Name, task, found);
        }
    }

    foreach (Method method in Method.All.Where(m => methods.Length == 0 || methods.Contains(m.Name)))
    {
        foreach (VtabTask task in tasks)
        {
            SweepReport report = protocol.Run(method, task, interruption.Token);
            // A run of one length says nothing against another that validation prefers.
            table.Add(method.Name, task, Found(method, task) ?? report);
            AnsiConsole.WriteLine($"{method.Name} on {task.Name}: {report}");
            Files.Replace(Path.Combine(results.FullName, "table.md"), Encoding.UTF8.GetBytes(table.ToString()));
        }
    }

    AnsiConsole.Write(new Text(table.ToString()));

    SweepReport? Found(Method method, VtabTask task) => ResultFiles.Read(
        results.FullName, task.Name, method.Variants.Select(variant => variant.Name), method.Variants[0].Recipe.Seeds.Length);
});
return CommandProgram.Run(command, args);

static string Words(int number) => number.ToString(CultureInfo.InvariantCulture);
