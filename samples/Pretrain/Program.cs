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
Option<string> deviceOption = DeviceOption.Create();
Option<int> epochsOption = Number.Option("--epochs", "How often every training image is seen.", usual: 5, least: 1);
Option<int> batchOption = Number.Option("--batch", "Images in a step.", usual: 128, least: 1);
Option<int> seedOption = Number.Option("--seed", "Decides the first weights and the order of the images.", usual: 0, least: int.MinValue);

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
    FileInfo backbone = arguments.GetRequiredValue(outOption);
    DirectoryInfo data = arguments.GetRequiredValue(dataOption);
    OutputPlace.RequireDistinct([backbone], [data]);
    OutputPlace.Prepare(backbone);
    StandardOutput.MakeOptional();
    FashionMnist images = FashionMnist.Read(data.FullName);
    using Device device = DeviceOption.Open(arguments.GetValue(deviceOption));
    using var model = FashionClassifier.Create(device, arguments.GetValue(seedOption));
    Console.WriteLine($"Training {FashionClassifier.TrainableParameters:N0} parameters on {device.Name}.");

    var run = new SavedRun(backbone);
    FitReport report = run.Fit(model, images.Train, images.Validation, new FitOptions
    {
        Epochs = arguments.GetValue(epochsOption),
        BatchSize = arguments.GetValue(batchOption),
        Optimizer = Optimizer.AdamW with { WeightDecay = 0.05f },
        BaseLearningRate = 0.004,
        WarmupEpochs = 0.5,
        Augmentation = [new RandomHorizontalFlip(), new RandomCrop(padding: 2)],
        Seed = arguments.GetValue(seedOption),
    });

    // The images came as floats: without this the file would not say how they were normalised.
    model.Pipeline = new ImagePipeline(FashionMnist.Normalization);
    run.Write(model.SaveBackbone);
    Console.WriteLine($"Best of {report.Epochs.Length} epochs: {report.BestEpoch}, after {report.Seconds:F0} s in all.");
    Console.WriteLine($"Test accuracy {model.Evaluate(images.Test, batchSize: 128).Accuracy:P1}. The backbone is in {backbone}.");
});
return SampleProgram.Run(command, args);
