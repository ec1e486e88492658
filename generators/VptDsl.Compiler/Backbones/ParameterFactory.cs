using VptDsl.Compiler.Common;
using VptDsl.Compiler.Graph;
using VptDsl.Programs;

namespace VptDsl.Compiler.Backbones;

/// <summary>Declares parameters and remembers them in order; a predicate says which are trained.</summary>
internal sealed class ParameterFactory(Func<string, ParameterKind, bool> isTrained)
{
    /// <summary>The standard deviation of weights that are trained from scratch.</summary>
    public const double WeightDeviation = 0.02;

    private readonly List<Parameter> _parameters = [];

    public IReadOnlyList<Parameter> Parameters => _parameters;

    public Parameter Declare(string name, ParameterKind kind, Initializer initializer, params int[] shape) =>
        Keep(new(name, EquatableArray.Of(shape), kind, initializer, isTrained(name, kind)));

    /// <summary>What the backbone's own training measured: no step changes it, even where everything is trained.</summary>
    public Parameter Statistic(string name, double value, int width) =>
        Constant(name, ParameterKind.Backbone, new(Distribution.Constant, value), width);

    /// <summary>A running statistic of something that is trained: steps measure it, no gradient changes it.</summary>
    public Parameter Measured(string name, ParameterKind kind, double value, int width) =>
        Keep(new(name, EquatableArray.Of(width), kind, new(Distribution.Constant, value), Trained: false) { Measured = true });

    /// <summary>What no step changes, even where everything is trained.</summary>
    public Parameter Constant(string name, ParameterKind kind, Initializer initializer, params int[] shape) =>
        Keep(new(name, EquatableArray.Of(shape), kind, initializer, Trained: false));

    /// <summary>Position embeddings, [1, rows, width]: learned, or computed and then never trained.</summary>
    public Parameter Positions(string name, Initializer initializer, PatchGrid grid, int width)
    {
        bool isLearned = initializer.Distribution == Distribution.Normal && isTrained(name, ParameterKind.Backbone);
        return Keep(
            new(name, EquatableArray.Of(1, grid.Rows, width), ParameterKind.Backbone, initializer, isLearned) { Grid = grid });
    }

    /// <summary>A backbone weight; the standard deviation serves training from scratch.</summary>
    public Parameter Weight(string name, params int[] shape) =>
        Declare(name, ParameterKind.Backbone, new(Distribution.Normal, WeightDeviation), shape);

    public Parameter Bias(string name, int width) => Declare(name, ParameterKind.Backbone, new(Distribution.Constant, 0), width);

    public Parameter Scale(string name, int width) => Declare(name, ParameterKind.Backbone, new(Distribution.Constant, 1), width);

    private Parameter Keep(Parameter parameter)
    {
        _parameters.Add(parameter);
        return parameter;
    }
}
