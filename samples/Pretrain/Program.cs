using System.CommandLine;
using System.Diagnostics;
using Pretrain;
using Pretrain.Characters;
using Pretrain.Fonts;
using VptDsl;
using VptDsl.Data;
using VptDsl.Training;

// Of renderings and clothes together, rounded.
var normalization = new Normalization(mean: 0.32f, deviation: 0.36f);
const int ClothesShare = 5, HeldOutImagesEach = 4, HeldOutClothes = 1000;

var dataOption = new Option<DirectoryInfo>("--data")
{
    Description = "The folder with Fashion-MNIST's four files; the default is where Debian's package dataset-fashion-mnist puts them.",
    DefaultValueFactory = _ => new DirectoryInfo(FashionMnist.DebianFolder),
};
var outOption = new Option<FileInfo>("--out")
{
    Description = "The backbone's weight file.",
    DefaultValueFactory = _ => new FileInfo("samples/QuickStart/data/character-vit.safetensors"),
};
var startOption = new Option<FileInfo>("--start")
{
    Description = "A weight file to go on from, for instance of a run with fewer characters; left out, training starts from scratch.",
};
var previewOption = new Option<FileInfo>("--preview")
{
    Description = "A PNG file to write, with some of the images that training would see; nothing is trained then.",
};
Option<string> deviceOption = DeviceOption.Create();
Option<int> charactersOption = Number.Option(
    "--characters", "Characters to tell apart, more from a script that more typefaces hold.",
    usual: CharacterClassifier.MostCharacters, least: 2, most: CharacterClassifier.MostCharacters);
Option<int> imagesOption = Number.Option(
    "--images", "Renderings in an epoch; a fifth as many clothes join them.", usual: 60_000, least: 100);
Option<int> epochsOption = Number.Option("--epochs", "How often that many images are seen, always others.", usual: 20, least: 1);
Option<int> batchOption = Number.Option("--batch", "Images in a step.", usual: 128, least: 1);
Option<double> rateOption = Number.Option("--rate", "The learning rate for a batch of 256.", usual: 0.002, least: 0);
Option<double> warmupOption = Number.Option("--warmup", "Epochs in which the learning rate rises.", usual: 2.0, least: 0);
Option<int> seedOption = Number.Option(
    "--seed", "Decides the first weights, the renderings and the order of the images.", usual: 0, least: int.MinValue);

var command = new RootCommand("Trains a backbone on rendered characters of many scripts and on Fashion-MNIST, and writes it to a file.")
{
    dataOption,
    outOption,
    startOption,
    previewOption,
    deviceOption,
    charactersOption,
    imagesOption,
    epochsOption,
    batchOption,
    rateOption,
    warmupOption,
    seedOption,
};
command.SetAction(arguments =>
{
    FileInfo backbone = arguments.GetRequiredValue(outOption);
    DirectoryInfo data = arguments.GetRequiredValue(dataOption);
    FileInfo? start = arguments.GetValue(startOption), preview = arguments.GetValue(previewOption);
    OutputPlace.RequireDistinct([backbone, preview], [data, start]);
    OutputPlace.Prepare(preview ?? backbone);
    StandardOutput.MakeOptional();
    int seed = arguments.GetValue(seedOption);

    FashionMnist clothes = FashionMnist.Read(data.FullName, normalization);
    CharacterChoice choice = Choose(arguments.GetValue(charactersOption));
    int images = arguments.GetValue(imagesOption);
    var train = new Mixture(
        RenderedCharacters.ForTraining(choice.Characters, images, normalization, seed), CharacterClassifier.MostCharacters,
        new Clothes(clothes.Train, images / ClothesShare));
    if (preview is not null)
    {
        Preview.Save(preview.FullName, train, normalization, seed);
        return;
    }

    RenderedCharacters heldOut = RenderedCharacters.HeldOut(choice.Characters, HeldOutImagesEach, normalization, seed);
    var validation = new Mixture(heldOut, CharacterClassifier.MostCharacters, new Clothes(clothes.Validation, HeldOutClothes));
    using Device device = DeviceOption.Open(arguments.GetValue(deviceOption));
    using CharacterClassifier model = start is null
        ? CharacterClassifier.Create(device, seed)
        : CharacterClassifier.Load(device, start.FullName, seed);
    Console.WriteLine($"Training {CharacterClassifier.TrainableParameters:N0} parameters on {device.Name}.");

    var run = new SavedRun(backbone);
    FitReport report = run.Fit(model, train, validation, new FitOptions
    {
        Epochs = arguments.GetValue(epochsOption),
        BatchSize = arguments.GetValue(batchOption),
        Optimizer = Optimizer.AdamW with { WeightDecay = 0.05f },
        BaseLearningRate = arguments.GetValue(rateOption),
        WarmupEpochs = arguments.GetValue(warmupOption),
        Seed = seed,
    });

    // The images came as floats: without this the file would not say how they were normalised.
    model.Pipeline = new ImagePipeline(normalization);
    run.Write(model.SaveBackbone);
    Console.WriteLine($"Best of {report.Epochs.Length} epochs: {report.BestEpoch}, after {report.Seconds:F0} s in all.");
    Console.WriteLine(
        $"In fonts not seen, {Accuracy(heldOut):P1} of characters are told; of clothes not seen, {Accuracy(clothes.Test):P1}. "
        + $"The backbone is in {backbone}.");

    double Accuracy(IImageSource set) => model.Evaluate(set, batchSize: 128).Accuracy;
});
return CommandProgram.Run(command, args);

static CharacterChoice Choose(int count)
{
    long start = Stopwatch.GetTimestamp();
    string[] files = DebianFiles.FontsOf(FontPackage.All);
    FontFace[] faces = FontFace.Open(files);
    CharacterChoice choice = CharacterChoice.Of(faces, count);
    Console.WriteLine(
        $"{files.Length:N0} font files of {FontPackage.All.Count} packages hold {faces.Length:N0} typefaces of "
        + $"{faces.DistinctBy(face => face.Family).Count():N0} families, "
        + $"{faces.Where(face => face.IsHeldOut).DistinctBy(face => face.Family).Count():N0} of them held out.");
    Console.WriteLine($"{choice.Characters.Length:N0} characters, found in {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s:");
    foreach (IGrouping<string, Character> script in choice.Characters.GroupBy(character => character.Script))
        Console.WriteLine($"  {script.Key,-18} {string.Concat(script.Select(character => char.ConvertFromUtf32(character.CodePoint)))}");
    Console.WriteLine(
        $"Left out, as their outlines are a digit's: {string.Concat(choice.DigitLike.Select(char.ConvertFromUtf32))}");
    return choice;
}
