using System.Diagnostics;
using System.Globalization;
using VptDsl.Benchmarks.Models;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Emit.Kernels;
using VptDsl.Compiler.Spec;
using VptDsl.Devices.Ilgpu;
using VptDsl.Programs;

namespace VptDsl.Benchmarks.Kernels;

/// <summary>
/// Times whole training steps on OpenCL through the CPU: by tiles for a GPU and for a CPU, and with a thread for each element, in turn.
/// </summary>
internal static class StepsAgainstUntiled
{
    private const int Batch = 4, Rounds = 5;

    public static void Run()
    {
        using IlgpuDevice device = IlgpuDevice.TryOpenClOnCpu(vectorised: true)
            ?? throw new InvalidOperationException("OpenCL on the CPU is missing: install pocl-opencl-icd and ocl-icd-opencl-dev.");
        Console.WriteLine($"{device.Name}, {Batch} images, seconds of a step: median of {Rounds}, in turn");
        Console.WriteLine("| Model | untiled | tiles for a GPU | tiles for a CPU | ratios |");
        foreach ((string name, ModelSpec spec) in Cases())
        {
            KernelOptions[] options = [KernelOptions.Untiled, KernelOptions.Default, TiledAgainstUntiled.ForCpu];
            Tuner[] tuners = Array.ConvertAll(options, o => Create(spec, device, o));
            double[] medians = Measurement.MediansInTurn(Rounds, tuners, Seconds);
            Array.ForEach(tuners, t => t.Dispose());
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {medians[0]:F3} | {medians[1]:F3} | {medians[2]:F3} | {medians[0] / medians[1]:F1}, "
                    + $"{medians[0] / medians[2]:F1} |"));
        }
    }

    private static Tuner Create(ModelSpec spec, IlgpuDevice device, KernelOptions kernels) =>
        ModelAssembly.Create(ModelAssembly.Compile(spec, kernels), device);

    private static double Seconds(Tuner tuner)
    {
        ModelProgram program = tuner.Compiled;
        var random = new Random(1);
        float[] images = [.. Enumerable.Range(0, Batch * tuner.Model.ImageFloats).Select(_ => (float)random.NextDouble())];
        program.SetBatch(images, new int[Batch]);
        float[] losses = new float[Batch];
        long start = Stopwatch.GetTimestamp();
        program.Step();
        program.ReadLosses(losses);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static IEnumerable<(string Name, ModelSpec Spec)> Cases()
    {
        var vit = new VitSpec(Image: 112, Channels: 3, Patch: 16, Width: 384, Layers: 2, Heads: 6, Mlp: 1536);
        ModelSpec Spec(string name, PromptSpec? prompts, TrainedSet trained) =>
            new(new("Benchmarked", name, "public"), vit, prompts, new ClassifierHeadSpec(102), trained);
        var deep = new TokenPromptSpec(10, Enumerable.Range(0, vit.Layers).ToEquatableArray(), PromptFlow.Carry);
        yield return ("two layers of ViT-S, deep prompts", Spec("Deep", deep, TrainedSet.PromptsAndHead));
        yield return ("two layers of ViT-S, everything trained", Spec("Full", null, TrainedSet.Everything));
    }
}
