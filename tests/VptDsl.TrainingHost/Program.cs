using VptDsl;
using VptDsl.Data;
using VptDsl.Training;
using VptDsl.Training.Parallel;
using VptDsl.TrainingHost;

// Trains a tiny model with a checkpoint and saves its task. Tests start it, kill it, and start it again.
// Arguments: deep or late; the folder for checkpoint and task; milliseconds to wait after each epoch; optionally what the library shows,
// which then is all that is said; or shards=N for steps in pieces of N images, and lead=ADDRESS or join=ADDRESS to compute them together,
// the leader with stall=SECONDS, and with await=EPOCH:COUNT to wait after an epoch until so many have come.
(string model, string folder, int pause) = (args[0], args[1], int.Parse(args[2]));
ProgressDisplay? display = args.Length > 3 && !args[3].Contains('=') ? Enum.Parse<ProgressDisplay>(args[3]) : null;
using WorkerGroup? workers = Role.Of(args);
using Device device = Device.Cpu(threads: 1);
using Tuner tuner = model == "late" ? LateTuner.Create(device, seed: 1) : DeepTuner.Create(device, seed: 1);
var options = new FitOptions
{
    Epochs = 20,
    BatchSize = 7,
    BaseLearningRate = 3,
    Optimizer = model == "late" ? Optimizer.AdamW : Optimizer.Sgd,
    Augmentation = model == "late" ? [] : [new RandomHorizontalFlip()],
    Progress = display ?? ProgressDisplay.Off,
    MicroBatchSize = Role.ShardOf(args),
    Workers = workers,
    Checkpoint = new Checkpoint(Path.Combine(folder, "checkpoint")) { EverySteps = 2 },
    EpochCompleted = epoch =>
    {
        Say($"epoch {epoch.Epoch}");
        Thread.Sleep(pause);
        Role.Await(args, workers, epoch.Epoch);
    },
};
Say(workers is LeadingWorkers leading ? leading.Address : "ready");
FitReport report = tuner.Fit(Draw(33, seed: 1), Draw(12, seed: 2), options);
foreach (string warning in report.Warnings)
    Say(warning);
tuner.SaveTask(Path.Combine(folder, "task"));
Say("done");

void Say(string line)
{
    if (display is null)
        Console.WriteLine(line);
}

static ImageSet Draw(int count, long seed)
{
    var random = new RandomStream(seed);
    float[] images = new float[count * 12 * 12];
    foreach (ref float value in images.AsSpan())
        value = random.NextNormal();
    int[] labels = new int[count];
    for (int i = 0; i < count; i++)
    {
        labels[i] = i % 3;
        images[(i * 144) + labels[i]] += 3;
    }

    return ImageSet.FromFloats(new ImageShape(1, 12, 12), images, labels, ["a", "b", "c"]);
}
