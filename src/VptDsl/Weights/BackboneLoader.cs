using VptDsl.Common;
using VptDsl.Programs;
using VptDsl.Weights.Dialects;

namespace VptDsl.Weights;

/// <summary>Fills a model's backbone from a checkpoint.</summary>
public static class BackboneLoader
{
    /// <summary>Reads every backbone parameter of a model from a weight file.</summary>
    /// <remarks>
    /// Format and naming are found out. Shapes may differ by leading ones, a matrix's by two ones behind it, and positions may be for
    /// another image size: they are resampled. Everything but the values is checked before the first parameter is delivered, and only one
    /// parameter at a time is held in memory.
    /// </remarks>
    /// <param name="path">
    /// A safetensors file, the <c>.index.json</c> of one in several parts, a NumPy <c>.npz</c>, a PyTorch <c>.pth</c>, or a
    /// directory with one of them under its usual name.
    /// </param>
    /// <param name="model">The model.</param>
    /// <param name="deliver">Takes each backbone parameter's elements; the span is valid during the call only.</param>
    /// <param name="entry">The entry that holds the backbone, in a PyTorch checkpoint with several; null to have it found.</param>
    /// <exception cref="WeightFileException">
    /// The file cannot be read, or tensors are missing, mis-shaped or without a place in the model (all of them are listed), or one has NaN
    /// or infinite elements, or what is said of the weights contradicts the model (another number of heads, another activation).
    /// </exception>
    public static WeightReport Load(
        string path, ModelDescription model, Action<ParameterDescription, ReadOnlySpan<float>> deliver, string? entry = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(deliver);
        return Load(path, model, deliver, KnownDialects.All, entry);
    }

    /// <summary>Loads with a choice of dialects, and with advice where file and model do not fit.</summary>
    internal static WeightReport Load(
        string path,
        ModelDescription model,
        Action<ParameterDescription, ReadOnlySpan<float>> deliver,
        IReadOnlyList<IWeightDialect> dialects,
        string? entry = null,
        Func<IWeightSource, string?>? advise = null)
    {
        using var source = WeightFile.Open(path, entry);
        ParameterDescription[] parameters = [.. model.Parameters.Where(parameter => parameter.Kind == ParameterKind.Backbone)];
        var dialect = KnownDialects.Detect(source, parameters, dialects) ?? throw Unknown(source, dialects, advise);
        var plan = BackbonePlan.Make(source, parameters, dialect, model.Declaration, advise);
        CheckpointFacts facts = CheckpointFactReader.Read(source, dialect, plan.Heads);
        string[] small = model.Traits is { } traits ? [.. FactCheck.Compare(source.Path, model.Name, traits, facts)] : [];

        float[] values = new float[plan.LargestParameter];
        foreach (var (parameter, parts) in plan.Parameters)
        {
            var filled = values.AsSpan(0, (int)parameter.Count);
            BackbonePlan.Read(source, parts, filled);
            RequireFinite(path, parts, filled);
            deliver(parameter, filled);
        }

        // What is new in tuning starts at the same values whatever the seed: a norm begins as the identity.
        foreach (var parameter in plan.Fresh)
        {
            deliver(parameter, Initialization.Draw(parameter, seed: 0));
        }

        return new WeightReport(path, dialect.Name, parameters.Length - plan.Fresh.Length, plan.Ignored)
        {
            Positions = plan.Positions,
            Kernels = plan.Kernels,
            Naming = plan.Parameters.SelectMany(entry => entry.Parts).Any(part => part.Part.Rearrange is not null) ? null : dialect,
            Fresh = [.. plan.Fresh.Select(parameter => parameter.Name)],
            Kind = CheckpointKinds.Of(source, dialect),
            Facts = facts with { Remarks = [.. facts.Remarks, .. small] },
            Hint = FinalNormHint.Of(CheckpointKinds.Of(source, dialect), parameters, plan.Fresh)
                ?? plan.Kernels?.Hint,
        };
    }

    /// <summary>A number that is none would make every result none, long after it was read.</summary>
    private static void RequireFinite(string path, IEnumerable<PlannedPart> parts, ReadOnlySpan<float> values)
    {
        if (FiniteNumbers.AreAll(values))
            return;
        int first = 0, count = 0;
        for (int i = values.Length - 1; i >= 0; i--)
        {
            if (!float.IsFinite(values[i]))
                (first, count) = (i, count + 1);
        }

        throw new WeightFileException(
            path,
            $"{string.Join(", ", parts.Select(part => Quoted.Name(part.Tensor.Name)))} has {count} elements that are NaN or infinite, "
                + $"the first at {first}",
            "Training diverged, or the file was converted badly: take an earlier checkpoint.");
    }

    private static WeightFileException Unknown(
        IWeightSource source, IReadOnlyList<IWeightDialect> dialects, Func<IWeightSource, string?>? advise)
    {
        var own = dialects.Where(dialect => dialect is not PrefixedDialect);
        string known = string.Join(", ", own.Select(dialect => dialect.Name).Distinct());
        string names = string.Join(", ", source.Tensors.Take(5).Select(tensor => Quoted.Name(tensor.Name)));
        return new WeightFileException(
            source.Path,
            $"none of the model's parameters is in it under any known naming ({known}); its tensors begin with {names}",
            advise?.Invoke(source) ?? "Give a checkpoint of the declared backbone, with its tensors named as one of these does.");
    }
}
