using VptDsl.Compiler.Common;
using VptDsl.Compiler.Graph;
using VptDsl.Programs;

namespace VptDsl.Compiler.Planning;

/// <summary>
/// Where each parameter lies: frozen ones in order of declaration; trained ones so that what weight decay skips is a range.
/// </summary>
internal sealed class ParameterPlan
{
    private readonly Dictionary<Parameter, long> _offsets = [];

    /// <param name="parameters">The parameters of the model.</param>
    /// <param name="folded">What is computed once from frozen ones.</param>
    public ParameterPlan(IReadOnlyList<Parameter> parameters, IEnumerable<Parameter>? folded = null)
    {
        Parameters = parameters;
        FoldedFloats = Place(folded ?? []);
        FrozenFloats = Place(parameters.Where(p => p is { Trained: false, Measured: false }));
        MeasuredFloats = Place(parameters.Where(p => p.Measured));
        TrainedFloats = Place(parameters.Where(p => p.Trained && !IsBias(p))
            .Concat(parameters.Where(p => p.Trained && IsBias(p) && !IsLastBias(p)))
            .Concat(parameters.Where(p => p.Trained && IsLastBias(p))));
        FirstBias = parameters.Where(p => p.Trained && IsBias(p)).Select(OffsetOf).DefaultIfEmpty(TrainedFloats).Min();
        HeadBias = parameters.Where(p => p.Trained && IsLastBias(p)).Select(OffsetOf).DefaultIfEmpty(TrainedFloats).Min();
    }

    public IReadOnlyList<Parameter> Parameters { get; }

    public long FrozenFloats { get; }

    /// <summary>What is computed once from frozen parameters.</summary>
    public long FoldedFloats { get; }

    /// <summary>What steps measure: running statistics.</summary>
    public long MeasuredFloats { get; }

    public long TrainedFloats { get; }

    /// <summary>The trained floats from here on are biases.</summary>
    public long FirstBias { get; }

    /// <summary>The trained floats from here on are the bias of the head's last layer.</summary>
    public long HeadBias { get; }

    public long OffsetOf(Parameter parameter) => _offsets[parameter];

    public Address AddressOf(ParameterSlice slice) =>
        new(RegionOf(slice.Parameter), 0, OffsetOf(slice.Parameter) + slice.Offset);

    public static Region RegionOf(Parameter parameter) =>
        parameter.Folded ? Region.Folded : parameter.Trained ? Region.Trained : parameter.Measured ? Region.Statistics : Region.Weights;

    private static bool IsBias(Parameter parameter) => ParameterNames.IsBias(parameter.Name);

    private static bool IsLastBias(Parameter parameter) => parameter.Name == "head.bias";

    private long Place(IEnumerable<Parameter> parameters)
    {
        long offset = 0;
        foreach (Parameter parameter in parameters)
        {
            _offsets.Add(parameter, offset);
            offset += parameter.Count;
        }

        return offset;
    }
}
