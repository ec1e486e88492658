using System.CommandLine;
using VptDsl;
using VptDsl.DeviceCheck;

string[] names = [.. CheckedModel.All.Select(model => model.Name)];
var deviceOption = new Option<string>("--device") { Description = "What is checked.", DefaultValueFactory = _ => "cuda" };
deviceOption.AcceptOnlyFromAmong("cuda", "opencl", "simulator", "cpu");
var cuBlas = new Option<bool>("--cublas") { Description = "Let cuBLAS compute plain products, where it is installed." };
var tensorCores = new Option<bool>("--tensor-cores") { Description = "Compute products on tensor cores." };
var models = new Option<string[]>("--models")
{
    Description = "Which of the four ViT-B/16.",
    DefaultValueFactory = _ => names,
    AllowMultipleArgumentsPerToken = true,
};
models.AcceptOnlyFromAmong(names);
var batches = new Option<int[]>("--batches")
{
    Description = "Images of a batch.",
    DefaultValueFactory = _ => [32, 64],
    AllowMultipleArgumentsPerToken = true,
};
Positive(batches);
var batch = new Option<int>("--batch") { Description = "Images of a batch.", DefaultValueFactory = _ => 3 };
Positive(batch);
var steps = new Option<int>("--steps") { Description = "Steps to time.", DefaultValueFactory = _ => 10 };
Positive(steps);
var cases = new Option<string[]>("--cases")
{
    Description = "Which golden cases; all if left out.",
    DefaultValueFactory = _ => [.. GoldenRun.Names],
    AllowMultipleArgumentsPerToken = true,
};
cases.AcceptOnlyFromAmong([.. GoldenRun.Names]);

var root = new RootCommand("Checks a GPU: what it is, whether it computes what it should, and how fast.")
{
    OnDevice(
        "golden",
        "Golden cases, with the tiles that users get.",
        (device, arguments) => GoldenRun.Run(device, arguments.GetValue(cases)!),
        cases),
    OnDevice(
        "against-cpu", "ViT-B/16 against the CPU.",
        (device, arguments) => AgainstCpu.Run(device, Chosen(arguments), arguments.GetValue(batch)), models, batch),
    OnDevice("steps", "Times of training steps of ViT-B/16.", (device, arguments) =>
        StepTimes.Run(device, Chosen(arguments), arguments.GetValue(batches)!, arguments.GetValue(steps)), models, batches, steps),
};
var info = new Command("info", "What there is of GPUs, and why one cannot be used.") { deviceOption, cuBlas, tensorCores };
info.SetAction(arguments =>
{
    Info.PrintFindings();
    using Device device = Open(arguments);
    Info.Print(device);
});
root.Add(info);
var kernels = new Option<string>("--kernels") { Description = "What the names of the kernels begin with.", DefaultValueFactory = _ => "" };
var ptx = new Command("ptx", "Compiles the kernels of ViT-B/16 to PTX, which needs no GPU.") { kernels };
ptx.SetAction(arguments => PtxCheck.Run(arguments.GetValue(kernels)!));
root.Add(ptx);

try
{
    return root.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (DeviceUnavailableException e)
{
    Console.Error.WriteLine(e.Message);
    return 3;
}

IEnumerable<CheckedModel> Chosen(ParseResult arguments) =>
    CheckedModel.All.Where(model => arguments.GetValue(models)!.Contains(model.Name));

Command OnDevice(string name, string description, Func<Device, ParseResult, int> run, params Option[] options)
{
    var command = new Command(name, description) { deviceOption, cuBlas, tensorCores };
    foreach (Option option in options)
        command.Add(option);
    command.SetAction(arguments =>
    {
        using Device device = Open(arguments);
        return run(device, arguments) == 0 ? 0 : 1;
    });
    return command;
}

Device Open(ParseResult arguments)
{
    bool usesTensorCores = arguments.GetValue(tensorCores);
    Device device = arguments.GetValue(deviceOption) switch
    {
        "opencl" => Device.OpenCl(),
        "simulator" => Device.Simulator(),
        "cpu" => Device.Cpu(),
        _ => Device.Cuda(arguments.GetValue(cuBlas), usesTensorCores),
    };
    if (!usesTensorCores || device.HasTensorCores)
        return device;
    device.Dispose();
    // The usual kernels would compute, and the check would pass of what was never run.
    throw new DeviceUnavailableException($"{device.Name} has no tensor cores for --tensor-cores: GPUs of CUDA have such from SM_80 on.");
}

static void Positive<T>(Option<T> option) => option.Validators.Add(result =>
{
    if (result.Tokens.Any(token => int.TryParse(token.Value, out int value) && value < 1))
        result.AddError($"{option.Name} must be at least 1.");
});
