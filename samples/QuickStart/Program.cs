using System.CommandLine;
using QuickStart;
using Spectre.Console;
using VptDsl;

string data = Path.Combine(AppContext.BaseDirectory, "data");
Option<string> deviceOption = DeviceOption.Create();
Option<int> epochsOption = Number.Option("--epochs", "How often every training image is seen.", usual: 12, least: 1);
Option<int> seedOption = Number.Option("--seed", "Decides prompts, head and the order of the images.", usual: 0, least: int.MinValue);
var jsonOption = new Option<FileInfo>("--json") { Description = "A file to write the table to, as JSON." };

var command = new RootCommand(
    "Tunes a small vision transformer, pre-trained on characters and clothes, to read digits: by a head, by prompts, and all of it.")
{
    deviceOption,
    epochsOption,
    seedOption,
    jsonOption,
};
command.SetAction(arguments =>
{
    FileInfo? json = arguments.GetValue(jsonOption);
    OutputPlace.RequireDistinct([json], [new DirectoryInfo(data)]);
    OutputPlace.Prepare(json);
    if (json is not null)
        StandardOutput.MakeOptional();
    using Device device = DeviceOption.Open(arguments.GetValue(deviceOption));
    IReadOnlyList<Row> rows = Compare(device, arguments.GetValue(epochsOption), arguments.GetValue(seedOption));
    Output.Print(rows);
    if (json is not null)
        Output.WriteJson(json.FullName, rows);
});
return CommandProgram.Run(command, args);

IReadOnlyList<Row> Compare(Device device, int epochs, int seed)
{
    var comparison = new Comparison(device, backbone: Path.Combine(data, "character-vit.safetensors"), Digits.Read(data), epochs, seed);
    AnsiConsole.WriteLine($"Tuning on {device.Name}.");
    using var interruption = Interruption.Begin();
    var rows = new List<Row>();
    foreach (Scheme scheme in Scheme.All)
    {
        rows.Add(comparison.Run(scheme, interruption.Token));
        AnsiConsole.WriteLine($"{scheme.Name}: tuned in {rows[^1].Seconds:F1} s");
    }

    return rows;
}
