using VptDsl.Tasks;
using VptDsl.Weights;
using VptDsl.Weights.Dialects;

namespace VptDsl.Inspection;

/// <summary>What a weight file is and which declaration it was made for.</summary>
/// <param name="Path">The file.</param>
/// <param name="Format">Its format, for instance <c>safetensors</c>.</param>
/// <param name="Dialect">Whose names its tensors have; null if they are none of a backbone that is known.</param>
/// <param name="Backbone">The sizes of its backbone; null if they cannot be told.</param>
/// <param name="Problem">
/// Why the backbone could not be loaded as <see cref="BackboneSketch.Attribute"/> declares it; null if it could.
/// </param>
/// <param name="Tensors">Everything in it.</param>
public sealed record CheckpointDescription(
    string Path, string Format, string? Dialect, BackboneSketch? Backbone, string? Problem, IReadOnlyList<TensorInfo> Tensors)
{
    /// <summary>Who published it, as far as the names tell.</summary>
    public CheckpointKind Kind { get; init; }

    /// <summary>What is said of it in it and beside it, above all how images must be normalised.</summary>
    public CheckpointFacts Facts { get; init; } = new();

    /// <summary>What it says about itself if it is a task file; null if it is none.</summary>
    public TaskInfo? Task { get; init; }

    /// <summary>What declares the backbone, for instance <c>[Vit(VitSize.Base, Patch = 16, Image = 224)]</c>; null if unknown.</summary>
    public string? Attribute => Backbone?.Attribute;

    /// <summary>One line for a log: the file, its format, and the attribute or what is known instead.</summary>
    public override string ToString() =>
        $"{Path}: {Format}, {(Task is not null ? "a task file" : Attribute ?? "no backbone that is known")}, {Tensors.Count} tensors";
}

/// <summary>Tells what a weight file is, from names, shapes, and what is said of it in it and beside it.</summary>
public static class CheckpointInspector
{
    /// <summary>Describes a file in any format that can be loaded.</summary>
    /// <param name="path">The file.</param>
    /// <param name="entry">The entry that holds the model, in a PyTorch checkpoint with several; null to have it found.</param>
    /// <exception cref="WeightFileException">It cannot be read, or a file beside it that describes it.</exception>
    public static CheckpointDescription Describe(string path, string? entry = null)
    {
        using IWeightSource source = WeightFile.Open(path, entry);
        return Describe(source);
    }

    /// <summary>What to do about a file that does not fit a declaration, in a sentence; null where nothing is known of it.</summary>
    internal static string? Advice(IWeightSource source)
    {
        try
        {
            CheckpointDescription description = Describe(source);
            if (description.Task is not null)
                return "It is a task file: LoadTask reads it, into a model that was loaded from the backbone's file.";
            if (description.Backbone is not { } backbone)
                return description.Dialect is null ? null : NoDeclaration;
            string untold = backbone.Guessed is { } guessed ? $"; it does not tell {guessed}" : "";
            return description.Problem is null ? $"The file's backbone is declared by {backbone.Attribute}{untold}." : NoDeclaration;
        }
        catch (WeightFileException)
        {
            // What is wrong beside the file does not hide what is wrong with it.
            return null;
        }
    }

    private static CheckpointDescription Describe(IWeightSource source)
    {
        var detected = BackboneKind.Detect(source);
        IWeightDialect? dialect = detected?.Dialect;
        BackboneSketch? backbone = detected is var (kind, naming) ? kind.Read(new StoredShapes(source, naming, kind.Probes)) : null;
        TaskInfo? task = source is SafetensorsFile file && TaskMetadata.IsTask(file) ? TaskMetadata.Read(file) : null;
        CheckpointFacts facts = task is null ? CheckpointFactReader.Read(source, dialect, backbone?.HeadsInTensors) : new CheckpointFacts();
        backbone = backbone?.Completed(facts);
        string? problem = dialect is null || backbone is null ? null : backbone.Problem ?? FindProblem(source, dialect, backbone, facts);
        return new CheckpointDescription(source.Path, source.Format, dialect?.Name, backbone, problem, source.Tensors)
        {
            Facts = facts,
            Kind = dialect is null ? CheckpointKind.Other : CheckpointKinds.Of(source, dialect),
            Task = task,
        };
    }

    private const string NoDeclaration =
        "No declaration has just these tensors: the file is not whole, or its network is one that cannot be declared.";

    private static string? FindProblem(IWeightSource source, IWeightDialect dialect, BackboneSketch backbone, CheckpointFacts facts)
    {
        try
        {
            BackbonePlan.Make(source, backbone.Parameters(), dialect, backbone.Attribute, _ => NoDeclaration);
            FactCheck.Compare(source.Path, backbone.Attribute, backbone.Traits, facts);
            return null;
        }
        catch (WeightFileException e)
        {
            return e.Message;
        }
    }
}
