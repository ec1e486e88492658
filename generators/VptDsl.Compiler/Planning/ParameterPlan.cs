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
    private readonly ISet<Parameter> _inPairs;

    /// <param name="parameters">The parameters of the model.</param>
    /// <param name="folded">What is computed once from frozen ones.</param>
    /// <param name="inPairs">Those that memory holds in bfloat16; null for none.</param>
    public ParameterPlan(
        IReadOnlyList<Parameter> parameters, IEnumerable<Parameter>? folded = null, ISet<Parameter>? inPairs = null)
    {
        Parameters = parameters;
        _inPairs = inPairs ?? new HashSet<Parameter>();
        FoldedFloats = Place(folded ?? []);
        FrozenFloats = Place(parameters.Where(IsFrozen));
        MeasuredFloats = Place(parameters.Where(p => p.Measured));
        TrainedFloats = Place(parameters.Where(p => p.Trained && !IsBias(p))
            .Concat(parameters.Where(p => p.Trained && IsBias(p) && !IsLastBias(p)))
            .Concat(parameters.Where(p => p.Trained && IsLastBias(p))));
        FirstBias = parameters.Where(p => p.Trained && IsBias(p)).Select(OffsetOf).DefaultIfEmpty(TrainedFloats).Min();
        HeadBias = parameters.Where(p => p.Trained && IsLastBias(p)).Select(OffsetOf).DefaultIfEmpty(TrainedFloats).Min();
    }

    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Floats of memory for frozen parameters.</summary>
    public long FrozenFloats { get; }

    /// <summary>The elements of frozen parameters.</summary>
    public long FrozenNumbers => Parameters.Where(IsFrozen).Sum(p => p.Count);

    /// <summary>The elements of those that memory holds in bfloat16.</summary>
    public long NumbersInPairs => _inPairs.Sum(p => p.Count);

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

    /// <summary>Whether memory holds it in bfloat16, each two neighbouring columns in the place of one float.</summary>
    public bool IsInPairs(Parameter parameter) => _inPairs.Contains(parameter);

    public Address AddressOf(ParameterSlice slice) =>
        new(RegionOf(slice.Parameter), 0, OffsetOf(slice.Parameter) + Floats(slice.Parameter, slice.Offset));

    public static Region RegionOf(Parameter parameter) =>
        parameter.Folded ? Region.Folded : parameter.Trained ? Region.Trained : parameter.Measured ? Region.Statistics : Region.Weights;

    private static bool IsFrozen(Parameter parameter) => parameter is { Trained: false, Measured: false };

    private static bool IsBias(Parameter parameter) => ParameterNames.IsBias(parameter.Name);

    private static bool IsLastBias(Parameter parameter) => parameter.Name == "head.bias";

    private long Place(IEnumerable<Parameter> parameters)
    {
        long offset = 0;
        foreach (Parameter parameter in parameters)
        {
            _offsets.Add(parameter, offset);
            offset += Floats(parameter, parameter.Count);
        }

        return offset;
    }

    /// <summary>The floats of memory that so many of its elements take.</summary>
    private long Floats(Parameter parameter, long elements) => IsInPairs(parameter) ? elements / 2 : elements;
}
