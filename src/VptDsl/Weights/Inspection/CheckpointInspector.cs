using VptDsl.Tasks;
using VptDsl.Weights.Dialects;

namespace VptDsl.Weights.Inspection;

/// <summary>What a weight file is and which declaration it was made for.</summary>
/// <param name="Path">The file.</param>
/// <param name="Format">Its format, for instance <c>safetensors</c>.</param>
/// <param name="Dialect">Whose names its tensors have; null if they are none of a vision transformer that is known.</param>
/// <param name="Vit">The sizes of its backbone; null if they cannot be told.</param>
/// <param name="Problem">Why the backbone could not be loaded as <see cref="VitSketch.Attribute"/> declares it; null if it could.</param>
/// <param name="Tensors">Everything in it.</param>
public sealed record CheckpointDescription(
    string Path, string Format, string? Dialect, VitSketch? Vit, string? Problem, IReadOnlyList<TensorInfo> Tensors)
{
    /// <summary>Who published it, as far as the names tell.</summary>
    public CheckpointKind Kind { get; init; }

    /// <summary>What it says about itself if it is a task file; null if it is none.</summary>
    public TaskInfo? Task { get; init; }

    /// <summary>What declares the backbone, for instance <c>[Vit(VitSize.Base, Patch = 16, Image = 224)]</c>; null if unknown.</summary>
    public string? Attribute => Vit?.Attribute;
}

/// <summary>Tells what a weight file is, from names and shapes alone.</summary>
public static class CheckpointInspector
{
    /// <summary>Describes a file in any format that can be loaded.</summary>
    /// <exception cref="WeightFileException">It cannot be read.</exception>
    public static CheckpointDescription Describe(string path)
    {
        using var source = WeightFile.Open(path);
        var dialect = KnownDialects.Detect(source, StoredShapes.Probes, KnownDialects.All);
        var vit = dialect is null ? null : VitSketch.Read(source, dialect);
        string? problem = dialect is null || vit is null ? null : FindProblem(source, dialect, vit);
        return new CheckpointDescription(source.Path, source.Format, dialect?.Name, vit, problem, source.Tensors)
        {
            Kind = dialect is null ? CheckpointKind.Other : CheckpointKinds.Of(source, dialect),
            Task = source is SafetensorsFile file && TaskMetadata.IsTask(file) ? TaskMetadata.Read(file) : null,
        };
    }

    private static string? FindProblem(IWeightSource source, IWeightDialect dialect, VitSketch vit)
    {
        try
        {
            BackbonePlan.Make(source, VitParameters.List(vit), dialect, vit.Attribute);
            return null;
        }
        catch (WeightFileException e)
        {
            return e.Message;
        }
    }
}
