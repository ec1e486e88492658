using System.Reflection;
using ILGPU.Runtime.Cuda;
using VptDsl.Benchmarks.Kernels;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Spec;

namespace VptDsl.Kernels.Tests.Models;

/// <summary>The kernels of ViT-B/16 with deep and shallow prompts, fully trained, and as a linear probe, as users get them.</summary>
internal static class VitB16
{
    private const int Tokens = 50;

    private static readonly VitSpec Vit = new(224, 3, 16, 768, 12, 12, 3072);

    public static readonly ModelSpec[] Specs =
    [
        Spec(
            "Deep",
            new TokenPromptSpec(Tokens, Enumerable.Range(0, Vit.Layers).ToEquatableArray(), PromptFlow.Carry),
            TrainedSet.PromptsAndHead),
        Spec("Shallow", new TokenPromptSpec(Tokens, EquatableArray.Of(0), PromptFlow.Carry), TrainedSet.PromptsAndHead),
        Spec("Full", null, TrainedSet.Everything),
        Spec("Linear", null, TrainedSet.PromptsAndHead),
    ];

    private static readonly Lazy<MethodInfo[]> Distinct = new(() => DistinctKernels.Of(Specs));

    private static readonly Lazy<CompiledKernel[]> Ampere = new(() => PtxOf(CudaArchitecture.SM_80)),
        Hopper = new(() => PtxOf(CudaArchitecture.SM_90));

    /// <summary>Every distinct kernel, compiled once for all tests.</summary>
    /// <param name="architecture">sm_80 or sm_90.</param>
    public static CompiledKernel[] Ptx(string architecture) => architecture == "sm_80" ? Ampere.Value : Hopper.Value;

    private static CompiledKernel[] PtxOf(CudaArchitecture architecture)
    {
        using var compiler = new PtxCompiler(architecture);
        return [.. Distinct.Value.Select(kernel => new CompiledKernel(kernel.Name, compiler.Compile(kernel)))];
    }

    private static ModelSpec Spec(string name, PromptSpec? prompts, TrainedSet trained) =>
        new(new("Emitted.VitB16", name, "public"), Vit, prompts, new ClassifierHeadSpec(102), trained);
}

/// <summary>A kernel in PTX.</summary>
internal sealed record CompiledKernel(string Name, string Ptx);
