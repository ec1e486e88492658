using System.Collections.Immutable;
using VptDsl.Common;
using VptDsl.Programs;
using VptDsl.Weights.Dialects;
using VptDsl.Weights.Positions;

namespace VptDsl.Weights;

/// <summary>A tensor of a file and its place in a parameter.</summary>
/// <param name="Tensor">The tensor.</param>
/// <param name="Part">What the dialect says of it.</param>
internal sealed record PlannedPart(TensorInfo Tensor, TensorPart Part)
{
    /// <summary>How positions become the model's, if they are not already.</summary>
    public PositionChange? Positions { get; init; }

    /// <summary>How patch kernels are brought to the model's patches, if they need to be.</summary>
    public PatchKernelResampling? Kernels { get; init; }

    /// <summary>Positions whose first row is added.</summary>
    public TensorInfo? Added { get; init; }

    /// <summary>How many of the parameter's elements it provides.</summary>
    public long Count => Part.Count;

    /// <summary>Reads what it provides.</summary>
    public void Read(IWeightSource source, Span<float> destination)
    {
        if (Positions is null && Kernels is null && Part.Rearrange is null && Part.Rows is null)
        {
            source.Read(Tensor, destination);
        }
        else
        {
            float[] stored = new float[Tensor.Count];
            source.Read(Tensor, stored);
            if (Positions is not null)
                PositionGrid.Apply(Positions, stored, destination);
            else if (Kernels is not null)
                PatchKernels.Apply(Kernels, stored, destination);
            else if (Part.Rearrange is { } rearrange)
                rearrange(stored, destination);
            else
                stored.AsSpan((int)(Part.Rows!.Value.Start * (Tensor.Count / Part.Shape[0])), destination.Length).CopyTo(destination);
        }

        if (Added is not null)
        {
            float[] positions = new float[Added.Count];
            source.Read(Added, positions);
            for (int i = 0; i < destination.Length; i++)
                destination[i] += positions[i];
        }
    }
}

/// <summary>Which tensors of a file make up which parameters of a model, once it is certain that all fit.</summary>
/// <param name="Parameters">Each parameter with the tensors whose stacking gives it.</param>
/// <param name="Fresh">Parameters that such files do not have: they get their first values.</param>
/// <param name="Ignored">Tensors of the file that no backbone has.</param>
internal sealed record BackbonePlan(
    ImmutableArray<(ParameterDescription Parameter, ImmutableArray<PlannedPart> Parts)> Parameters,
    ImmutableArray<ParameterDescription> Fresh,
    ImmutableArray<string> Ignored)
{
    private const int LongestBias = 1 << 20;

    // The norm of every token, and that of the pool, which is new in tuning.
    private const string Norm = "norm.", NormOfThePool = "fc_" + Norm;

    /// <summary>Elements of the largest parameter.</summary>
    public long LargestParameter => Parameters.Select(entry => entry.Parameter.Count).DefaultIfEmpty(0).Max();

    /// <summary>The attention heads that the file keeps as an axis of its own; null if it does not.</summary>
    public int? Heads => Parameters.SelectMany(entry => entry.Parts)
        .Where(part => part.Part.HeadAxis is not null && part.Tensor.Shape.Length == part.Part.Shape.Length + 1)
        .Select(part => (int?)part.Tensor.Shape[part.Part.HeadAxis!.Value]).FirstOrDefault();

    /// <summary>How positions are brought to the model's image size; null if they have it.</summary>
    public PositionResampling? Positions =>
        Parameters.SelectMany(entry => entry.Parts).Select(part => part.Positions?.Resampling).FirstOrDefault(found => found is not null);

    /// <summary>How patch kernels are brought to the model's patches; null if they have their size.</summary>
    public PatchKernelResampling? Kernels =>
        Parameters.SelectMany(entry => entry.Parts).Select(part => part.Kernels).FirstOrDefault(kernels => kernels is not null);

    /// <summary>Compares a file with a model.</summary>
    /// <param name="source">The file.</param>
    /// <param name="parameters">The model's.</param>
    /// <param name="dialect">The file's naming.</param>
    /// <param name="declaration">The model's, for a message.</param>
    /// <param name="advise">What to do where they do not fit, in a sentence; null or a null sentence for what is always true.</param>
    /// <exception cref="WeightFileException">They do not fit; all differences are listed.</exception>
    public static BackbonePlan Make(
        IWeightSource source, ParameterDescription[] parameters, IWeightDialect dialect, string declaration,
        Func<IWeightSource, string?>? advise = null)
    {
        var mismatches = new MismatchList();
        PlaneSize? grid = BackboneMetadata.GridOf(source);
        var used = new HashSet<string>(StringComparer.Ordinal);
        var planned = ImmutableArray.CreateBuilder<(ParameterDescription, ImmutableArray<PlannedPart>)>();

        // Files of pre-training alone lack all of them, whatever their names are: one with some has lost the others.
        ImmutableArray<ParameterDescription> ofPool =
            [.. parameters.Where(parameter => parameter.Name.StartsWith(NormOfThePool, StringComparison.Ordinal))];
        var fresh = ofPool;
        if (fresh.SelectMany(dialect.Parts).Any(part => source.TryFind(part.Tensor, out _)))
            fresh = [];
        foreach (var parameter in parameters.Except(fresh))
        {
            var parts = dialect.Parts(parameter);
            if (parts.Count == 0)
            {
                mismatches.AddMissing(parameter.Name);
            }

            var found = ImmutableArray.CreateBuilder<PlannedPart>();
            foreach (var part in parts)
            {
                used.Add(part.Tensor);
                if (source.TryFind(part.Tensor, out var stored)
                    && PositionGrid.Compare(stored, grid, parameter, part, dialect.Positions) is { LeftOut: >= 0 } positions)
                {
                    found.Add(new PlannedPart(stored, part) { Positions = positions });
                }
                else if (stored is not null && part.Rearrange is null && PatchKernels.Compare(stored, parameter) is { } kernels)
                {
                    found.Add(new PlannedPart(stored, part) { Kernels = kernels });
                }
                else if (mismatches.Check(source, part) is { } tensor)
                {
                    found.Add(new PlannedPart(tensor, part) { Added = FindAdded(source, part, mismatches) });
                }
            }

            planned.Add((parameter, found.ToImmutable()));
        }

        // A model that normalises after its pool has no use for the normalisation of every token.
        bool hasNorm = parameters.Any(parameter => parameter.Name.StartsWith(Norm, StringComparison.Ordinal));
        HashSet<string> passedOver = hasNorm
            ? []
            : [.. ofPool.SelectMany(pool => dialect.Parts(pool with { Name = Norm + pool.Name[NormOfThePool.Length..] }))
                .Select(part => part.Tensor)];
        var unused = source.Tensors.Where(tensor => !used.Contains(tensor.Name))
            .ToLookup(tensor => dialect.Ignores(tensor.Name) || passedOver.Contains(tensor.Name));
        foreach (var tensor in unused[false].Where(tensor => !IsBiasOfZeros(source, tensor, used)))
        {
            mismatches.AddUnexpected(tensor);
        }

        mismatches.ThrowIfAny(
            source.Path,
            () => $"The file's names are {dialect.Name}'s, the model is declared as {Quoted.Text(declaration)}. "
                + (advise?.Invoke(source) ?? Advice(source, hasNorm)));
        return new BackbonePlan(planned.ToImmutable(), fresh, [.. unused[true].Select(tensor => tensor.Name)]);
    }

    /// <summary>Reads a parameter's parts one behind the other.</summary>
    public static void Read(IWeightSource source, ImmutableArray<PlannedPart> parts, Span<float> destination)
    {
        foreach (var part in parts)
        {
            part.Read(source, destination[..(int)part.Count]);
            destination = destination[(int)part.Count..];
        }
    }

    private static string Advice(IWeightSource source, bool hasNorm) =>
        "Declare the backbone that the file was made for, or give the file of this one."
        + (hasNorm && source.Tensors.Any(tensor => tensor.Name.EndsWith(FinalNormHint.NormOfThePool, StringComparison.Ordinal))
            ? $" It has {FinalNormHint.NormOfThePool}, as masked autoencoders have where they are tuned: "
                + $"those are declared with {FinalNormHint.Declaration}."
            : "");

    private static TensorInfo? FindAdded(IWeightSource source, TensorPart part, MismatchList mismatches)
    {
        if (part.AddedPositions is not { } name)
            return null;
        if (source.TryFind(name, out var positions) && positions.Type.IsFloat() && positions.Shape is [.., var width]
            && width == part.Count && positions.Count >= width)
        {
            return positions;
        }

        mismatches.AddMissing($"{name} [rows, {part.Count}]");
        return null;
    }

    // Some checkpoints have biases that their models were trained without, beside weights that are used: zeros add nothing.
    private static bool IsBiasOfZeros(IWeightSource source, TensorInfo tensor, HashSet<string> used)
    {
        const string Bias = ".bias";
        if (!tensor.Name.EndsWith(Bias, StringComparison.Ordinal) || !used.Contains(tensor.Name[..^Bias.Length] + ".weight")
            || !tensor.Type.IsFloat() || tensor.Count > LongestBias)
        {
            return false;
        }

        float[] values = new float[tensor.Count];
        source.Read(tensor, values);
        return !values.AsSpan().ContainsAnyExcept(0f);
    }
}
