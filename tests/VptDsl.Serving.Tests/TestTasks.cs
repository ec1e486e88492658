using SkiaSharp;
using VptDsl.Data;
using VptDsl.Training;

namespace VptDsl.Serving.Tests;

/// <summary>A backbone, tasks on it, images, and what each task says of each image when it is alone.</summary>
internal sealed class TestTasks
{
    public const int Count = 3, ImageCount = 6;

    private static readonly Lazy<TestTasks> Made = new(() => new TestTasks());

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vptdsl-serving-");
    private readonly Dictionary<(string Task, int Image), float[]> _expected = [];

    private TestTasks()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => _folder.Delete(recursive: true);
        Images = [.. Enumerable.Range(0, ImageCount).Select(seed => Png(seed))];
        using Device device = Device.Cpu(threads: 1);
        using TinyModel first = TinyModel.Create(device, seed: 1);
        first.SaveBackbone(BackboneFile);
        for (int task = 0; task < Count; task++)
        {
            // The last has classes of its own.
            string[] classes = task == Count - 1 ? ["x", "y", "z"] : ["a", "b", "c"];
            using TinyModel tuner = TinyModel.Load(device, BackboneFile, seed: task);
            tuner.Fit(Set(task, classes), options: new FitOptions
            {
                Epochs = 1,
                BatchSize = 8,
                BaseLearningRate = 2,
                Progress = ProgressDisplay.Off,
            });
            tuner.Pipeline = new ImagePipeline(new Normalization(mean: 0.4f + (0.1f * task), deviation: 0.25f)).Resize(8);
            tuner.SaveTask(FileOf($"task{task}"));
            for (int image = 0; image < ImageCount; image++)
                _expected[($"task{task}", image)] = tuner.Predict(Images[image]);
        }
    }

    public static TestTasks Instance => Made.Value;

    /// <summary>The names of the tasks; the first two have the same classes.</summary>
    public static string[] Names { get; } = ["task0", "task1", "task2"];

    /// <summary>PNG files of 12×10 pixels.</summary>
    public byte[][] Images { get; }

    public string BackboneFile => Path.Combine(_folder.FullName, "backbone");

    public string FileOf(string task) => Path.Combine(_folder.FullName, task + ".safetensors");

    public float[] Expected(string task, int image) => _expected[(task, image)];

    public Tuner Load(Device device) => TinyModel.Load(device, BackboneFile, seed: 0);

    private static ImageSet Set(int seed, string[] classes)
    {
        var random = new RandomStream(seed);
        float[] images = new float[16 * 64];
        foreach (ref float value in images.AsSpan())
            value = random.NextNormal();
        return ImageSet.FromFloats(new ImageShape(1, 8, 8), images, [.. Enumerable.Range(0, 16).Select(i => i % 3)], classes);
    }

    private static byte[] Png(int seed)
    {
        var random = new Random(seed);
        using var bitmap = new SKBitmap(12, 10, SKColorType.Rgba8888, SKAlphaType.Opaque);
        byte[] noise = new byte[bitmap.ByteCount];
        random.NextBytes(noise);
        noise.CopyTo(bitmap.GetPixelSpan());
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }
}
