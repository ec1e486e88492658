using System.CommandLine;
using Pretrain;
using VptDsl;
using VptDsl.Data;
using VptDsl.Training;

var dataOption = new Option<DirectoryInfo>("--data")
{
    Description = "The folder with Fashion-MNIST's four files; the default is where Debian's package dataset-fashion-mnist puts them.",
    DefaultValueFactory = _ => new DirectoryInfo(FashionMnist.DebianFolder),
};
var outOption = new Option<FileInfo>("--out")
{
    Description = "The backbone's weight file.",
    DefaultValueFactory = _ => new FileInfo("samples/QuickStart/data/fashion-vit.safetensors"),
};
var deviceOption = new Option<string>("--device") { Description = "Where to run; the best device there is if left out." };
deviceOption.AcceptOnlyFromAmong("cpu", "opencl", "cuda");
var epochsOption = new Option<int>("--epochs") { Description = "How often every training image is seen.", DefaultValueFactory = _ => 5 };
var batchOption = new Option<int>("--batch") { Description = "Images in a step.", DefaultValueFactory = _ => 128 };
var seedOption = new Option<int>("--seed")
{
    Description = "Decides the first weights and the order of the images.",
    DefaultValueFactory = _ => 0,
};

var command = new RootCommand("Trains QuickStart's backbone from scratch on Fashion-MNIST and writes it to a file.")
{
    dataOption,
    outOption,
    deviceOption,
    epochsOption,
    batchOption,
    seedOption,
};
command.SetAction(arguments =>
{
    FashionMnist images = FashionMnist.Read(arguments.GetRequiredValue(dataOption).FullName);
    using Device device = OpenDevice(arguments.GetValue(deviceOption));
    using var model = FashionClassifier.Create(device, arguments.GetValue(seedOption));
    Console.WriteLine($"Training {FashionClassifier.TrainableParameters:N0} parameters on {device.Name}.");

    FitReport report = model.Fit(images.Train, images.Validation, new FitOptions
    {
        Epochs = arguments.GetValue(epochsOption),
        BatchSize = arguments.GetValue(batchOption),
        Optimizer = Optimizer.AdamW with { WeightDecay = 0.05f },
        BaseLearningRate = 0.004,
        WarmupEpochs = 0.5,
        Augmentation = [new RandomHorizontalFlip(), new RandomCrop(padding: 2)],
        Seed = arguments.GetValue(seedOption),
        Progress = Console.IsOutputRedirected ? ProgressDisplay.Lines : ProgressDisplay.Bar,
    });

    string path = arguments.GetRequiredValue(outOption).FullName;
    model.SaveBackbone(path);
    Console.WriteLine($"Best of {report.Epochs.Length} epochs: {report.BestEpoch}, after {report.Seconds:F0} s in all.");
    Console.WriteLine($"Test accuracy {model.Evaluate(images.Test, batchSize: 128).Accuracy:P1}. The backbone is in {path}.");
});
return command.Parse(args).Invoke();

static Device OpenDevice(string? name) => name switch
{
    "cpu" => Device.Cpu(),
    "opencl" => Device.OpenCl(),
    "cuda" => Device.Cuda(),
    _ => Device.Auto(),
};
