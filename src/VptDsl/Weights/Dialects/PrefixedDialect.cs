using VptDsl.Programs;

namespace VptDsl.Weights.Dialects;

/// <summary>Another dialect's names behind a prefix, as training wrappers add it.</summary>
/// <remarks>What does not have the prefix belongs to other networks, and is ignored.</remarks>
/// <param name="prefix">For instance <c>module.</c>, which PyTorch's parallel training adds.</param>
/// <param name="inner">The dialect of what follows.</param>
internal sealed class PrefixedDialect(string prefix, IWeightDialect inner) : IWeightDialect
{
    /// <summary>What stands before the names.</summary>
    public string Prefix => prefix;

    /// <summary>The dialect of what follows.</summary>
    public IWeightDialect Inner => inner;

    /// <inheritdoc/>
    public string Name => $"{inner.Name} ('{prefix}')";

    /// <inheritdoc/>
    public PositionRule Positions => inner.Positions;

    /// <inheritdoc/>
    public IReadOnlyList<TensorPart> Parts(ParameterDescription parameter) =>
    [
        .. inner.Parts(parameter).Select(part => part with
        {
            Tensor = prefix + part.Tensor,
            AddedPositions = part.AddedPositions is { } added ? prefix + added : null,
        }),
    ];

    /// <inheritdoc/>
    public bool Ignores(string tensor) =>
        !tensor.StartsWith(prefix, StringComparison.Ordinal) || inner.Ignores(tensor[prefix.Length..]);
}
