using System.Collections.Immutable;
using VptDsl.Common;
using VptDsl.Programs;
using VptDsl.Weights.Dialects;
using VptDsl.Weights.Positions;

namespace VptDsl.Weights;

/// <summary>A tensor of a file and its place in a parameter.</summary>
/// <param name="Tensor">The tensor.</param>
/// <param name="Part">What the dialect says of it.</param>
/// <param name="Positions">How it is brought to the model's image size, if it needs to be.</param>
/// <param name="Prefix">Rows of positions that no patch has.</param>
internal sealed record PlannedPart(TensorInfo Tensor, TensorPart Part, PositionResampling? Positions, int Prefix = 0)
{
    /// <summary>How many of the parameter's elements it provides.</summary>
    public long Count => Part.Shape.Aggregate(1L, (product, dimension) => product * dimension);

    /// <summary>Makes the parameter's elements of the stored ones; null if they are the same.</summary>
    public Rearrangement? Rearrange => Positions is null
        ? Part.Rearrange
        : (stored, resampled) => PositionGrid.Resample(Positions, Prefix, stored, resampled);
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
    /// <summary>Elements of the largest parameter.</summary>
    public long LargestParameter => Parameters.Select(entry => entry.Parameter.Count).DefaultIfEmpty(0).Max();

    /// <summary>The attention heads that the file keeps as an axis of its own; null if it does not.</summary>
    public int? Heads => Parameters.SelectMany(entry => entry.Parts)
        .Where(part => part.Part.HeadAxis is not null && part.Tensor.Shape.Length == part.Part.Shape.Length + 1)
        .Select(part => (int?)part.Tensor.Shape[part.Part.HeadAxis!.Value]).FirstOrDefault();

    /// <summary>How positions are brought to the model's image size; null if they have it.</summary>
    public PositionResampling? Positions =>
        Parameters.SelectMany(entry => entry.Parts).Select(part => part.Positions).FirstOrDefault(positions => positions is not null);

    /// <summary>Compares a file with a model.</summary>
    /// <exception cref="WeightFileException">They do not fit; all differences are listed.</exception>
    public static BackbonePlan Make(IWeightSource source, ParameterDescription[] parameters, IWeightDialect dialect, string declaration)
    {
        var mismatches = new MismatchList();
        var used = new HashSet<string>(StringComparer.Ordinal);
        var planned = ImmutableArray.CreateBuilder<(ParameterDescription, ImmutableArray<PlannedPart>)>();
        var fresh = parameters.Where(p => dialect.MayLack(p) && !dialect.Parts(p).Any(part => source.TryFind(part.Tensor, out _)))
            .ToImmutableArray();
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
                    && PositionGrid.Compare(stored, parameter, dialect.Positions) is { } positions)
                {
                    found.Add(new PlannedPart(stored, part, positions, parameter.Grid!.Prefix));
                }
                else if (mismatches.Check(source, part) is { } tensor)
                {
                    found.Add(new PlannedPart(tensor, part, null));
                }
            }

            planned.Add((parameter, found.ToImmutable()));
        }

        // A model that normalises after its pool has no use for the normalisation of every token.
        bool hasNorm = parameters.Any(parameter => parameter.Name == "norm.weight");
        var unused = source.Tensors.Where(tensor => !used.Contains(tensor.Name))
            .ToLookup(tensor => dialect.Ignores(tensor.Name) || (!hasNorm && tensor.Name is "norm.weight" or "norm.bias"));
        foreach (var tensor in unused[false])
        {
            mismatches.AddUnexpected(tensor);
        }

        mismatches.ThrowIfAny(
            source.Path,
            $"The file's names are {dialect.Name}'s, the model is declared as {Quoted.Text(declaration)}. "
            + "Declare the backbone that the file was made for, or give the file of this one."
            + (hasNorm && source.Tensors.Any(tensor => tensor.Name.EndsWith(FinalNormHint.NormOfThePool, StringComparison.Ordinal))
                ? $" It has {FinalNormHint.NormOfThePool}, as masked autoencoders have where they are tuned: "
                    + $"those are declared with {FinalNormHint.Declaration}."
                : ""));
        return new BackbonePlan(planned.ToImmutable(), fresh, [.. unused[true].Select(tensor => tensor.Name)]);
    }

    /// <summary>Reads a parameter's parts one behind the other.</summary>
    public static void Read(IWeightSource source, ImmutableArray<PlannedPart> parts, Span<float> destination)
    {
        foreach (var part in parts)
        {
            int count = (int)part.Count;
            if (part.Rearrange is { } rearrange)
            {
                float[] stored = new float[part.Tensor.Count];
                source.Read(part.Tensor, stored);
                rearrange(stored, destination[..count]);
            }
            else
            {
                source.Read(part.Tensor, destination[..count]);
            }

            destination = destination[count..];
        }
    }
}
