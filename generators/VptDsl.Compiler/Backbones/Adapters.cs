using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Spec;
using VptDsl.Programs;

namespace VptDsl.Compiler.Backbones;

/// <summary>Bottlenecks inside the layers of a frozen backbone: y + up(GELU(down(y))).</summary>
internal static class Adapters
{
    /// <summary>Declares a layer's adapter; what comes back applies it to one segment of the layer's MLP outputs.</summary>
    /// <remarks>
    /// It starts as the identity: up is 0, and down is random, Kaiming-normal over the fan-in, so that what it makes is about as large as
    /// its input for any bottleneck. The paper's public code starts both at 0, so that neither ever gets a gradient.
    /// </remarks>
    public static Func<Value, int, Value> Declare(
        GraphBuilder graph, ParameterFactory parameters, AdapterSpec adapter, int width, string layer)
    {
        int bottleneck = adapter.Width(width);
        Value downWeight = Read(parameters.Declare(
            layer + ".adapter.down.weight", ParameterKind.AddedNetwork, new(Distribution.Normal, Math.Sqrt(2.0 / width)), bottleneck,
            width));
        Value downBias = ReadRow("down.bias", bottleneck);
        Value upWeight = Read(parameters.Declare(
            layer + ".adapter.up.weight", ParameterKind.AddedNetwork, new(Distribution.Constant, 0), width, bottleneck));
        Value upBias = ReadRow("up.bias", width);
        return (x, segment) =>
        {
            Value down = graph.Linear(x, downWeight, downBias, TokenSequence.Name(segment, "bottleneck"));
            Value activated = graph.Activate(ActivationKind.Gelu, down, TokenSequence.Name(segment, "activatedBottleneck"));
            return graph.Add(
                graph.Linear(activated, upWeight, upBias, TokenSequence.Name(segment, "adapterOutput")),
                x,
                TokenSequence.Name(segment, "adapted"));
        };

        Value Read(Parameter parameter) => graph.Read(parameter.AsMatrix(parameter.TensorShape[0]));

        Value ReadRow(string name, int columns) => graph.ReadRow(
            parameters.Declare($"{layer}.adapter.{name}", ParameterKind.AddedNetwork, new(Distribution.Constant, 0), columns));
    }
}
