using System.Diagnostics;
using System.Globalization;
using VptDsl.Benchmarks.Models;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Emit.Kernels;
using VptDsl.Compiler.Spec;
using VptDsl.Devices.Ilgpu;
using VptDsl.Programs;

namespace VptDsl.Benchmarks.Kernels;

/// <summary>Times whole training steps on OpenCL through the CPU: emitted as for users, and with a thread for each element, in turn.</summary>
internal static class StepsAgainstUntiled
{
    private const int Batch = 4, Rounds = 5;

    public static void Run()
    {
        using IlgpuDevice device = IlgpuDevice.TryOpenClOnCpu()
            ?? throw new InvalidOperationException("OpenCL on the CPU is missing: install pocl-opencl-icd and ocl-icd-opencl-dev.");
        Console.WriteLine($"{device.Name}, {Batch} images, seconds of a step: median of {Rounds}, in turn");
        foreach ((string name, ModelSpec spec) in Cases())
        {
            using Tuner tiled = Create(spec, device, KernelOptions.Default), untiled = Create(spec, device, KernelOptions.Untiled);
            var times = (Tiled: new List<double>(), Untiled: new List<double>());

            // The first step compiles the kernels.
            Seconds(tiled);
            Seconds(untiled);
            for (int round = 0; round < Rounds; round++)
            {
                times.Tiled.Add(Seconds(tiled));
                times.Untiled.Add(Seconds(untiled));
            }

            double ours = Measurement.Median(times.Tiled), plain = Measurement.Median(times.Untiled);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {plain:F3} | {ours:F3} | {plain / ours:F1} | {times.Untiled.Min() / times.Tiled.Min():F1} |"));
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
        ModelSpec Spec(string name, PromptSpec? prompts, TrainedSet trained) => new(new("Benchmarked", name, "public"), vit, prompts, new ClassifierHeadSpec(102), trained);
        var deep = new TokenPromptSpec(10, Enumerable.Range(0, vit.Layers).ToEquatableArray(), Compiler.Spec.PromptFlow.Carry);
        yield return ("two layers of ViT-S, deep prompts", Spec("Deep", deep, TrainedSet.PromptsAndHead));
        yield return ("two layers of ViT-S, everything trained", Spec("Full", null, TrainedSet.Everything));
    }
}
