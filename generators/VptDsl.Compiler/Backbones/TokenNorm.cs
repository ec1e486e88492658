using VptDsl.Compiler.Graph;

namespace VptDsl.Compiler.Backbones;

/// <summary>A layer normalisation with its parameters, applied as often as it is needed.</summary>
internal sealed class TokenNorm(GraphBuilder graph, Value gamma, Value beta, double epsilon)
{
    /// <summary>Declares <c>name.weight</c> and <c>name.bias</c>.</summary>
    public static TokenNorm Declare(GraphBuilder graph, ParameterFactory parameters, string name, int width, double epsilon) =>
        new(
            graph,
            graph.ReadRow(parameters.Scale(name + ".weight", width)),
            graph.ReadRow(parameters.Bias(name + ".bias", width)),
            epsilon);

    public Value Apply(Value x, string name) => graph.LayerNorm(x, gamma, beta, epsilon, name);
}
