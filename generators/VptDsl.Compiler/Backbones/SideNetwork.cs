using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Spec;
using VptDsl.Programs;

namespace VptDsl.Compiler.Backbones;

/// <summary>
/// A small network beside a frozen backbone (Zhang et al. 2020, "Side-tuning"): each patch of the image goes through two layers, their mean
/// through a third, and the result is blended with the backbone's features.
/// </summary>
internal static class SideNetwork
{
    /// <summary>What the head reads instead of the features: σ(α) · features + (1 − σ(α)) · side, [batch, 1, width].</summary>
    /// <remarks>
    /// α starts at 0, as in the paper's code, and the last layer at 0 too: training starts from half of the features, and what is random
    /// does not disturb them.
    /// </remarks>
    public static Value Blend(GraphBuilder graph, ParameterFactory parameters, SideSpec side, BackboneSpec backbone, Value features)
    {
        graph.Scope = new("side", -1, Backward: false);
        Value images = graph.Nodes.First(n => n.Operation is ReadImages).Outputs[0]!;
        Value patches = graph.Patches(images, backbone.Channels, backbone.Image, side.Patch, "sidePatches");
        Value embedded = Layer("embed", patches, "sideEmbedded"), hidden = Layer("hidden", embedded, "sideHidden");
        Value mean = graph.MeanRows(hidden, "sideMean");
        Parameter output = Declare("output.weight", new(Distribution.Constant, 0), backbone.FeatureWidth, side.Width);
        Value delivered = graph.Multiply(ProductLayout.NT, mean, graph.Read(output.AsMatrix(backbone.FeatureWidth)), "sideFeatures");
        Value gate = graph.Read(Declare("blend", new(Distribution.Constant, 0), 1, 1).AsMatrix(1));
        Value blended = graph.Blend(gate, features, delivered, "blendedFeatures");
        graph.Scope = new("head", -1, Backward: false);
        return blended;

        Value Layer(string name, Value x, string what)
        {
            Parameter weight = Declare(
                name + ".weight", new(Distribution.Normal, Math.Sqrt(2.0 / x.Shape.Columns)), side.Width, x.Shape.Columns);
            Parameter bias = Declare(name + ".bias", new(Distribution.Constant, 0), side.Width);
            return graph.Activate(
                ActivationKind.Gelu,
                graph.Linear(x, graph.Read(weight.AsMatrix(side.Width)), graph.ReadRow(bias), what),
                what + "Activated");
        }

        Parameter Declare(string name, Initializer initializer, params int[] shape) =>
            parameters.Declare("side." + name, ParameterKind.AddedNetwork, initializer, shape);
    }
}
