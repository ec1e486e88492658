using System.Diagnostics;
using System.Globalization;
using SkiaSharp;
using VptDsl.Benchmarks.Models;
using VptDsl.Compiler.Spec;
using VptDsl.Data;
using VptDsl.Devices.Cpu;
using VptDsl.Programs;
using VptDsl.Training.Batches;

namespace VptDsl.Benchmarks.Loading;

/// <summary>Whether image files keep the CPU device supplied: epochs of training from files, alternating with epochs from memory.</summary>
internal static class LoaderBenchmark
{
    private const int Batch = 16;
    private const int Images = 800;
    private const int Classes = 10;

    /// <summary>Measures models as small as QuickStart's, for which a step takes the least time, on files of several sizes.</summary>
    /// <param name="rounds">Epochs from files and epochs from memory.</param>
    public static void Run(int rounds)
    {
        Console.WriteLine("files                     busy    of the speed from memory   images/s");
        Measure("PNG 28 x 28", new(28, 28), SKEncodedImageFormat.Png, Transforms.Vtab(28), rounds);
        Measure("JPEG 64 x 48", new(64, 48), SKEncodedImageFormat.Jpeg, Transforms.FgvcTrain(28), rounds);
        Measure("JPEG 500 x 375", new(500, 375), SKEncodedImageFormat.Jpeg, Transforms.FgvcTrain(28), rounds);
    }

    private static void Measure(string name, SKSizeI size, SKEncodedImageFormat format, ImagePipeline pipeline, int rounds)
    {
        var spec = new ModelSpec(
            new("Benchmarked", "Model", "public"), new VitSpec(28, 3, 4, 96, 6, 3, 384),
            new TokenPromptSpec(8, Compiler.Common.EquatableArray.Of(0, 1, 2, 3, 4, 5), PromptFlow.Carry), new ClassifierHeadSpec(Classes),
            TrainedSet.PromptsAndHead);
        using var device = new CpuDevice(0);
        using Tuner tuner = ModelAssembly.Create(ModelAssembly.Compile(spec), device);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("vptdsl-loader-");
        try
        {
            Write(folder.FullName, size, format);
            PixelImages files = ImageFolder.Read(folder.FullName, pipeline);
            IImageSource memory = InMemory(files);
            var busy = new List<double>();
            var fromFiles = new List<double>();
            var fromMemory = new List<double>();
            // The first epochs of each compile and warm up.
            for (int round = 0; round <= rounds; round++)
            {
                (double seconds, double waiting) = Epoch(tuner.Compiled, files, round);
                (double ready, _) = Epoch(tuner.Compiled, memory, round);
                if (round == 0)
                    continue;
                busy.Add(1 - (waiting / seconds));
                fromFiles.Add(seconds);
                fromMemory.Add(ready);
            }

            double median = Measurement.Median(fromFiles);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name,-22} {Measurement.Median(busy),7:P1} {Measurement.Median(fromMemory) / median,20:P1} {Images / median,18:F0}"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>An epoch's seconds, and those in which the step waited for its images.</summary>
    private static (double Seconds, double Waiting) Epoch(ModelProgram program, IImageSource source, int epoch)
    {
        using IBatchReader reader = BatchReaders.Open(source, Batch, [], seed: 1, augments: true);
        int[] order = [.. Enumerable.Range(0, source.Count)];
        new Random(epoch).Shuffle(order);
        float[] logits = new float[Batch * Classes];
        long start = Stopwatch.GetTimestamp(), waiting = 0;
        reader.Announce(order, epoch);
        for (int first = 0; first < order.Length; first += Batch)
        {
            long asked = Stopwatch.GetTimestamp();
            reader.Read(order.AsSpan(first, Batch), epoch);
            waiting += Stopwatch.GetTimestamp() - asked;
            reader.SendTo(program);
            program.Step();
            program.ReadLogits(logits);
            program.Update(new OptimizerUpdate { Kind = OptimizerKind.Sgd, LearningRate = 1e-6f, Momentum = 0.9f });
        }

        return (Stopwatch.GetElapsedTime(start).TotalSeconds, (double)waiting / Stopwatch.Frequency);
    }

    private static ImageSet InMemory(PixelImages files)
    {
        int floats = files.Shape.Floats;
        float[] images = new float[files.Count * floats];
        for (int i = 0; i < files.Count; i++)
            files.CopyImage(i, images.AsSpan(i * floats, floats));
        return ImageSet.FromFloats(files.Shape, images, [.. Enumerable.Range(0, files.Count).Select(files.Label)], files.ClassNames);
    }

    private static void Write(string folder, SKSizeI size, SKEncodedImageFormat format)
    {
        var random = new Random(1);
        for (int i = 0; i < Images; i++)
        {
            string path = Path.Combine(folder, $"class{i % Classes}");
            Directory.CreateDirectory(path);
            using SKData data = Scene(size, random).Encode(format, 90);
            using FileStream file = File.Create(Path.Combine(path, $"{i}.{(format == SKEncodedImageFormat.Png ? "png" : "jpg")}"));
            data.SaveTo(file);
        }
    }

    /// <summary>Shapes on a gradient with some noise: about as many bytes as a photograph has.</summary>
    private static SKBitmap Scene(SKSizeI size, Random random)
    {
        var bitmap = new SKBitmap(size.Width, size.Height);
        using var canvas = new SKCanvas(bitmap);
        using var paint = new SKPaint();
        paint.Shader = SKShader.CreatePerlinNoiseFractalNoise(0.05f, 0.05f, 4, random.Next(1000));
        canvas.DrawRect(0, 0, size.Width, size.Height, paint);
        paint.Shader = null;
        for (int i = 0; i < 12; i++)
        {
            paint.Color = new((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256));
            canvas.DrawCircle(random.Next(size.Width), random.Next(size.Height), size.Height / 8f, paint);
        }

        return bitmap;
    }
}
