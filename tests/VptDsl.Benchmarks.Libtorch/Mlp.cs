using static TorchSharp.Modules.GELU;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace VptDsl.Benchmarks.Libtorch;

/// <summary>The MLP of a vision transformer: two linear layers with GELU between them, the exact one or that by the tangent.</summary>
internal sealed record Mlp(Linear Expand, Linear Contract, Approximate Gelu)
{
    public static Mlp Create(Weights weights, VisionTransformerAttribute vit, string name) => new(
        weights.Linear(name + ".fc1", vit.Width, vit.Mlp), weights.Linear(name + ".fc2", vit.Mlp, vit.Width),
        vit.Activation == ActivationKind.GeluTanh ? Approximate.tanh : Approximate.none);

    public Tensor Apply(Tensor x) => Contract.Apply(functional.gelu(Expand.Apply(x), Gelu));
}
