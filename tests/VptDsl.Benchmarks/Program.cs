using System.Globalization;
using BenchmarkDotNet.Running;
using VptDsl;
using VptDsl.Benchmarks;
using VptDsl.Benchmarks.Kernels;
using VptDsl.Benchmarks.Models;
using VptDsl.Benchmarks.Serving;
using VptDsl.Onnx;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

switch (args)
{
    // The child process of every measurement of a model.
    case ["measure", var assembly, var mode, var batch, var steps, var threads, var label, var gflop]:
        Measurement.Run(
            assembly, mode, int.Parse(batch), int.Parse(steps), int.Parse(threads), label,
            double.Parse(gflop, CultureInfo.InvariantCulture));
        return 0;

    // The child process that writes what a peer's logits are compared with.
    case ["logits", var assembly, var batch, var path]:
        LogitsFile.Write(assembly, int.Parse(batch), path);
        return 0;

    // The child process that writes what ONNX Runtime runs.
    case ["export", var assembly, var path]:
        using (Device device = Device.Cpu())
        using (Tuner tuner = ModelAssembly.Create(assembly, device))
            tuner.ExportOnnx(path);
        return 0;

    // The child process of every way to answer for many tasks, and that of one task.
    case ["serve", var assembly, var kind, var tasks, var callers, var batch, var seconds, var threads]:
        await ServingTable.MeasureAsync(
            assembly, kind, int.Parse(tasks), int.Parse(callers), int.Parse(batch), int.Parse(seconds), int.Parse(threads));
        return 0;
    case ["serve-one", var assembly, var file, var images, var batch, var threads]:
        ServingTable.ServeOne(assembly, file, int.Parse(images), int.Parse(batch), int.Parse(threads));
        return 0;

    // "quick [threads] [name]": medians of every CPU routine in a few seconds.
    case ["quick", ..]:
        QuickTimings.Run(args.Length > 1 ? int.Parse(args[1]) : Environment.ProcessorCount, args.Length > 2 ? args[2] : "");
        return 0;

    // "kernels": BenchmarkDotNet on the products.
    case ["kernels", .. var rest]:
        BenchmarkSwitcher.FromAssembly(typeof(QuickTimings).Assembly).Run(rest);
        return 0;

    // "opencl-step": training steps on OpenCL through the CPU.
    case ["opencl-step"]:
        StepsAgainstUntiled.Run();
        return 0;

    // "opencl [name [tile]]": emitted products on OpenCL through the CPU.
    case ["opencl", ..]:
        TiledAgainstUntiled.Run(args.Length > 1 ? args[1] : "", args.Length > 2 ? args[2] : "");
        return 0;

    // "kernels-table [file]": what every kernel of ViT-B/16 computes and moves.
    case ["kernels-table", ..]:
        KernelTable.Run(args.Length > 1 ? args[1] : "docs/kernels-table.md");
        return 0;

    default:
        return Commands.Create().Parse(args).Invoke();
}
