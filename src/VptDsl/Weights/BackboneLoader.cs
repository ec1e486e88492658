using VptDsl.Programs;
using VptDsl.Weights.Dialects;

namespace VptDsl.Weights;

/// <summary>Fills a model's backbone from a checkpoint.</summary>
public static class BackboneLoader
{
    private static readonly IWeightDialect[] KnownDialects =
    [
        new TimmDialect(),
        new HuggingFaceDialect(""),
        new HuggingFaceDialect("vit."),
    ];

    /// <summary>Reads every backbone parameter of a model from a weight file.</summary>
    /// <remarks>
    /// Whose names the file uses is found out. Shapes may differ by leading ones. Everything is checked before the first
    /// parameter is delivered, and only one parameter at a time is held in memory.
    /// </remarks>
    /// <param name="path">A safetensors file, the <c>.index.json</c> of one in several parts, or a directory with either.</param>
    /// <param name="model">The model.</param>
    /// <param name="deliver">Takes each backbone parameter's elements; the span is valid during the call only.</param>
    /// <exception cref="WeightFileException">
    /// The file cannot be read, or tensors are missing, mis-shaped or without a place in the model; all of them are listed.
    /// </exception>
    public static WeightReport Load(string path, ModelDescription model, Action<ParameterDescription, ReadOnlySpan<float>> deliver) =>
        Load(path, model, deliver, KnownDialects);

    /// <summary>Loads with a choice of dialects.</summary>
    internal static WeightReport Load(
        string path,
        ModelDescription model,
        Action<ParameterDescription, ReadOnlySpan<float>> deliver,
        IReadOnlyList<IWeightDialect> dialects)
    {
        using var source = WeightFile.Open(path);
        ParameterDescription[] parameters = [.. model.Parameters.Where(parameter => parameter.Kind == ParameterKind.Backbone)];
        var dialect = Detect(source, parameters, dialects);
        var plan = BackbonePlan.Make(source, parameters, dialect, model.Declaration);

        float[] values = new float[plan.LargestParameter];
        foreach (var (parameter, parts) in plan.Parameters)
        {
            var filled = values.AsSpan(0, (int)parameter.Count);
            BackbonePlan.Read(source, parts, filled);
            deliver(parameter, filled);
        }

        return new WeightReport(path, dialect.Name, parameters.Length, plan.Ignored);
    }

    // The naming under which most of the model's parameters are there: a damaged file is then reported in its own names.
    private static IWeightDialect Detect(IWeightSource source, ParameterDescription[] parameters, IReadOnlyList<IWeightDialect> dialects)
    {
        int Found(IWeightDialect dialect) => parameters.Count(parameter => HasAll(source, dialect.Parts(parameter)));

        var best = dialects.MaxBy(Found)!;
        if (parameters.Length > 0 && Found(best) == 0)
        {
            string known = string.Join(", ", dialects.Select(dialect => dialect.Name).Distinct());
            string names = string.Join(", ", source.Tensors.Take(5).Select(tensor => Quoted.Name(tensor.Name)));
            throw new WeightFileException(
                source.Path,
                $"none of the model's parameters is in it under any known naming ({known}); its tensors begin with {names}",
                "Give a checkpoint of a vision transformer, with its tensors named as one of these does.");
        }

        return best;
    }

    private static bool HasAll(IWeightSource source, IReadOnlyList<TensorPart> parts) =>
        parts.Count > 0 && parts.All(part => source.TryFind(part.Tensor, out _));
}
