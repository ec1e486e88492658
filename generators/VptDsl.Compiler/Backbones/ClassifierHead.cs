using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Spec;
using VptDsl.Programs;

namespace VptDsl.Compiler.Backbones;

/// <summary>
/// The classifier on the features. Hidden layers are as in the paper's code: linear, rectifier, batch normalisation, dropout, in this
/// order. Every weight starts Kaiming-normal over the fan-out, and the last bias at -ln 99.
/// </summary>
internal static class ClassifierHead
{
    // PyTorch's batch normalisation.
    private const double Epsilon = 1e-5, Momentum = 0.1;

    // The parts of a hidden layer are numbered through, dropout included.
    private const int PartsOfLayer = 4, NormPart = 2;

    /// <summary>The logits, [batch, 1, classes].</summary>
    public static Value Build(GraphBuilder graph, ParameterFactory parameters, ClassifierHeadSpec head, Value features)
    {
        Value x = features;
        for (int layer = 0; layer < head.HiddenLayers; layer++)
        {
            int part = PartsOfLayer * layer;
            Value hidden = Linear(graph, parameters, $"head.projection.{part}", x, features.Shape.Columns, 0, "hidden");
            Value activated = graph.Activate(ActivationKind.Relu, hidden, "activated");
            Value normalized = Normalize(graph, parameters, head, $"head.projection.{part + NormPart}", activated);
            x = graph.Dropout(normalized, head.Dropout, "dropped");
        }

        return Linear(graph, parameters, "head", x, head.Classes, -Math.Log(99), "logits");
    }

    private static Value Linear(
        GraphBuilder graph, ParameterFactory parameters, string name, Value x, int outputs, double bias, string what)
    {
        Parameter weight = parameters.Declare(
            name + ".weight", ParameterKind.Head, new(Distribution.FanOut, 2), outputs, x.Shape.Columns);
        Parameter shift = parameters.Declare(name + ".bias", ParameterKind.Head, new(Distribution.Constant, bias), outputs);
        return graph.Linear(x, graph.Read(weight.AsMatrix(outputs)), graph.ReadRow(shift), what);
    }

    private static Value Normalize(GraphBuilder graph, ParameterFactory parameters, ClassifierHeadSpec head, string name, Value x)
    {
        int width = x.Shape.Columns;
        Parameter gamma = parameters.Declare(name + ".weight", ParameterKind.Head, new(Distribution.Constant, 1), width);
        Parameter beta = parameters.Declare(name + ".bias", ParameterKind.Head, new(Distribution.Constant, 0), width);
        Parameter mean = Statistic("running_mean", 0), variance = Statistic("running_var", 1);
        return head.FrozenStatistics
            ? graph.NormalizeBy(
                x, graph.ReadRow(gamma), graph.ReadRow(beta), graph.ReadRow(mean), graph.ReadRow(variance), Epsilon, "normalized")
            : graph.BatchNorm(x, gamma, beta, mean, variance, Epsilon, Momentum, "normalized");

        Parameter Statistic(string statistic, double start) => head.FrozenStatistics
            ? parameters.Constant($"{name}.{statistic}", ParameterKind.Head, new(Distribution.Constant, start), width)
            : parameters.Measured($"{name}.{statistic}", ParameterKind.Head, start, width);
    }
}
