using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Finds the kernels that compute a call: one for most operations.</summary>
internal static class KernelFamilies
{
    /// <param name="call">What is computed.</param>
    /// <param name="name">The name of its method; the names of its kernels begin with it.</param>
    /// <param name="options">What kernels are emitted for.</param>
    public static IReadOnlyList<Kernel> For(Call call, string name, KernelOptions options) => call.Operation switch
    {
        Product product when options.IsUntiled => [UntiledProductKernel.Create(product, call, name)],
        Product product => TiledProductKernel.Create(product, call, name, options),
        Attention attention when !options.IsUntiled && TiledAttentionKernel.Create(attention, call, name, options) is { } tiled => [tiled],
        Attention attention => [AttentionKernel.Create(attention, call, name)],
        AttentionGradient attention => AttentionGradientKernel.Create(attention, call, name, options),
        LayerNorm norm => [LayerNormKernel.Forward(norm, call, name)],
        LayerNormGradient gradient => [LayerNormKernel.InputGradient(gradient, call, name)],
        LayerNormParameterGradient => [LayerNormKernel.ParameterGradient(call, name)],
        Add => [ElementwiseKernel.Add(call, name)],
        Copy => [ElementwiseKernel.Copy(call, name)],
        Gelu => [ElementwiseKernel.Gelu(call, name)],
        GeluGradient => [ElementwiseKernel.GeluGradient(call, name)],
        PadRows pad => [ElementwiseKernel.PadRows(pad, call, name)],
        AddRows rows => [ElementwiseKernel.AddRows(rows, call, name)],
        SumImages => [ReductionKernel.SumImages(call, name)],
        SumRows => [ReductionKernel.SumRows(call, name)],
        CrossEntropy => [LossKernel.CrossEntropy(call, name)],
        CrossEntropyGradient => [LossKernel.CrossEntropyGradient(call, name)],
        ExtractPatches patches => [PatchKernel.Create(patches, call, name)],
        _ => throw new NotSupportedException($"{call.Operation.GetType().Name} has no kernel."),
    };

    /// <summary>The call's formula: what a kernel that computes all of it is summed up with.</summary>
    public static string Summary(Call call) => CallText.Formula(call, call.Operands.Select(o => o.Name).ToArray()) + ".";
}
