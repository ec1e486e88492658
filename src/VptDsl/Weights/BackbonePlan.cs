using System.Collections.Immutable;
using VptDsl.Programs;
using VptDsl.Weights.Dialects;

namespace VptDsl.Weights;

/// <summary>Which tensors of a file make up which parameters of a model, once it is certain that all fit.</summary>
/// <param name="Parameters">Each parameter with the tensors whose stacking gives it.</param>
/// <param name="Ignored">Tensors of the file that no backbone has.</param>
internal sealed record BackbonePlan(
    ImmutableArray<(ParameterDescription Parameter, ImmutableArray<(TensorInfo Tensor, TensorPart Part)> Parts)> Parameters,
    ImmutableArray<string> Ignored)
{
    /// <summary>Elements of the largest parameter.</summary>
    public long LargestParameter => Parameters.Select(entry => entry.Parameter.Count).DefaultIfEmpty(0).Max();

    /// <summary>Compares a file with a model.</summary>
    /// <exception cref="WeightFileException">They do not fit; all differences are listed.</exception>
    public static BackbonePlan Make(IWeightSource source, ParameterDescription[] parameters, IWeightDialect dialect, string declaration)
    {
        var mismatches = new MismatchList();
        var used = new HashSet<string>(StringComparer.Ordinal);
        var planned = ImmutableArray.CreateBuilder<(ParameterDescription, ImmutableArray<(TensorInfo, TensorPart)>)>();
        foreach (var parameter in parameters)
        {
            var parts = dialect.Parts(parameter);
            if (parts.Count == 0)
            {
                mismatches.AddMissing(parameter.Name);
            }

            var found = ImmutableArray.CreateBuilder<(TensorInfo, TensorPart)>();
            foreach (var part in parts)
            {
                used.Add(part.Tensor);
                if (mismatches.Check(source, part.Tensor, part.Shape) is { } tensor)
                {
                    found.Add((tensor, part));
                }
            }

            planned.Add((parameter, found.ToImmutable()));
        }

        var unused = source.Tensors.Where(tensor => !used.Contains(tensor.Name)).ToLookup(tensor => dialect.Ignores(tensor.Name));
        foreach (var tensor in unused[false])
        {
            mismatches.AddUnexpected(tensor);
        }

        mismatches.ThrowIfAny(
            source.Path,
            $"The file's names are {dialect.Name}'s, the model is declared as {Quoted.Text(declaration)}. "
            + "Declare the backbone that the file was made for, or give the file of this one.");
        return new BackbonePlan(planned.ToImmutable(), [.. unused[true].Select(tensor => tensor.Name)]);
    }

    /// <summary>Reads a parameter's parts one behind the other.</summary>
    public static void Read(IWeightSource source, ImmutableArray<(TensorInfo Tensor, TensorPart Part)> parts, Span<float> destination)
    {
        foreach (var (tensor, part) in parts)
        {
            int count = (int)tensor.Count;
            if (part.Rearrange is { } rearrange)
            {
                float[] stored = new float[count];
                source.Read(tensor, stored);
                rearrange(stored, destination[..count]);
            }
            else
            {
                source.Read(tensor, destination[..count]);
            }

            destination = destination[count..];
        }
    }
}
