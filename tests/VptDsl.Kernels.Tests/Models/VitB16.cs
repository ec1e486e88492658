using System.Reflection;
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
        Spec("Deep", new TokenPromptSpec(Tokens, Enumerable.Range(0, Vit.Layers).ToEquatableArray(), Compiler.Spec.PromptFlow.Carry), TrainedSet.PromptsAndHead),
        Spec("Shallow", new TokenPromptSpec(Tokens, EquatableArray.Of(0), Compiler.Spec.PromptFlow.Carry), TrainedSet.PromptsAndHead),
        Spec("Full", null, TrainedSet.Everything),
        Spec("Linear", null, TrainedSet.PromptsAndHead),
    ];

    private static readonly Lazy<MethodInfo[]> Distinct = new(() => DistinctKernels.Of(Specs));

    public static MethodInfo[] Kernels => Distinct.Value;

    private static ModelSpec Spec(string name, PromptSpec? prompts, TrainedSet trained) =>
        new(new("Emitted.VitB16", name, "public"), Vit, prompts, new ClassifierHeadSpec(102), trained);
}
