using VptDsl.Compiler.Graph;

namespace VptDsl.Compiler.Planning;

/// <summary>Where each parameter lies: frozen ones in order of declaration; trained ones so that what weight decay skips is a range.</summary>
internal sealed class ParameterPlan
{
    private readonly Dictionary<Parameter, long> _offsets = [];

    public ParameterPlan(IReadOnlyList<Parameter> parameters)
    {
        Parameters = parameters;
        FrozenFloats = Place(parameters.Where(p => !p.Trained));
        TrainedFloats = Place(parameters.Where(p => p.Trained && !IsBias(p))
            .Concat(parameters.Where(p => p.Trained && IsBias(p) && p.Kind != ParameterKind.Head))
            .Concat(parameters.Where(p => p.Trained && IsBias(p) && p.Kind == ParameterKind.Head)));
        FirstBias = parameters.Where(p => p.Trained && IsBias(p)).Select(OffsetOf).DefaultIfEmpty(TrainedFloats).Min();
        HeadBias = parameters.Where(p => p.Trained && IsBias(p) && p.Kind == ParameterKind.Head).Select(OffsetOf).DefaultIfEmpty(TrainedFloats).Min();
    }

    public IReadOnlyList<Parameter> Parameters { get; }

    public long FrozenFloats { get; }

    public long TrainedFloats { get; }

    /// <summary>The trained floats from here on are biases.</summary>
    public long FirstBias { get; }

    /// <summary>The trained floats from here on are the head's bias.</summary>
    public long HeadBias { get; }

    public long OffsetOf(Parameter parameter) => _offsets[parameter];

    public Address AddressOf(ParameterSlice slice) =>
        new(slice.Parameter.Trained ? Region.Trained : Region.Weights, 0, OffsetOf(slice.Parameter) + slice.Offset);

    /// <summary>The name decides, as in the paper's code.</summary>
    private static bool IsBias(Parameter parameter) => parameter.Name.EndsWith("bias", StringComparison.Ordinal);

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
