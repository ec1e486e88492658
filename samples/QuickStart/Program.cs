using System.CommandLine;
using QuickStart;
using Spectre.Console;
using VptDsl;

var deviceOption = new Option<string>("--device") { Description = "Where to run; the best device there is if left out." };
deviceOption.AcceptOnlyFromAmong("cpu", "opencl", "cuda", "simulator");
var epochsOption = new Option<int>("--epochs") { Description = "How often every training image is seen.", DefaultValueFactory = _ => 20 };
var seedOption = new Option<int>("--seed")
{
    Description = "Decides prompts, head and the order of the images.",
    DefaultValueFactory = _ => 0,
};
var jsonOption = new Option<FileInfo>("--json") { Description = "A file to write the table to, as JSON." };

var command = new RootCommand(
    "Tunes a small vision transformer, pre-trained on clothes, to read digits: by a linear head and by prompts.")
{
    deviceOption,
    epochsOption,
    seedOption,
    jsonOption,
};
command.SetAction(arguments =>
{
    try
    {
        using Device device = OpenDevice(arguments.GetValue(deviceOption));
        IReadOnlyList<Row> rows = Compare(device, arguments.GetValue(epochsOption), arguments.GetValue(seedOption));
        Output.Print(rows);
        if (arguments.GetValue(jsonOption) is { } file)
            Output.WriteJson(file.FullName, rows);
        return 0;
    }
    catch (DeviceUnavailableException e)
    {
        Console.Error.WriteLine(e.Message);
        return 1;
    }
});
return command.Parse(args).Invoke();

static IReadOnlyList<Row> Compare(Device device, int epochs, int seed)
{
    string data = Path.Combine(AppContext.BaseDirectory, "data");
    var comparison = new Comparison(device, backbone: Path.Combine(data, "fashion-vit.safetensors"), Digits.Read(data), epochs, seed);
    AnsiConsole.WriteLine($"Tuning on {device.Name}.");
    var rows = new List<Row>();
    foreach (Scheme scheme in Scheme.All)
    {
        rows.Add(comparison.Run(scheme));
        AnsiConsole.WriteLine($"{scheme.Name}: tuned in {rows[^1].Seconds:F1} s");
    }

    return rows;
}

static Device OpenDevice(string? name) => name switch
{
    "cpu" => Device.Cpu(),
    "opencl" => Device.OpenCl(),
    "cuda" => Device.Cuda(),
    "simulator" => Device.Simulator(),
    _ => Device.Auto(),
};
