using System.Text.Json;
using System.Text.Json.Serialization;
using VptDsl.Data;
using VptDsl.Tool.Commands;
using VptDsl.Tool.Models;
using VptDsl.Training.Recipes;

namespace VptDsl.Tool.Sweeps;

/// <summary>What a sweep is about, as text: it may be sent to another machine, which opens it in the same way.</summary>
internal sealed partial record SweepInputs
{
    /// <summary>The attributes of the model.</summary>
    public required string Model { get; init; }

    /// <summary>The checkpoint: a file in full, or a repository of the hub.</summary>
    public required string Backbone { get; init; }

    /// <summary>The entry of the checkpoint; null to have it found.</summary>
    public string? Entry { get; init; }

    /// <summary>The folder of training images.</summary>
    public required string Images { get; init; }

    /// <summary>The folder of images to measure on; null for none.</summary>
    public string? Test { get; init; }

    /// <summary>How pixels become numbers; null for what the checkpoint says.</summary>
    public string? Normalization { get; init; }

    /// <summary>Whether images are turned as their camera says.</summary>
    public bool Upright { get; init; }

    /// <summary>Reads what <see cref="ToJson"/> wrote, which may come from anybody.</summary>
    /// <exception cref="ArgumentException">It is none of a sweep.</exception>
    public static SweepInputs Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, InputsContext.Default.SweepInputs)
                ?? throw new ArgumentException("There is no sweep in what was sent.");
        }
        catch (JsonException e)
        {
            throw new ArgumentException($"What was sent is no sweep of vpt: {e.Message}", e);
        }
    }

    /// <summary>The inputs as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, InputsContext.Default.SweepInputs);

    /// <summary>Compiles the model and reads the folders.</summary>
    /// <exception cref="ArgumentException">The model is none, or the images fit it not.</exception>
    /// <exception cref="IOException">A file or a folder is missing.</exception>
    public OpenedInputs Open(Recipe recipe, Device device)
    {
        CompiledModel compiled = CompiledModel.Of(ModelDeclaration.Parse(Model), device);
        string backbone = CheckpointFile.Locate(new FileInfo(Backbone)).FullName;
        Tuner Create(int seed) => compiled.Load(device, backbone, Entry, seed);
        ImagePipeline training, measuring;
        using (Tuner probe = Create(seed: 0))
        {
            Normalization? asked = Normalization is { } stated ? Data.Normalization.Parse(stated) : null;
            Normalization numbers = Inputs.NormalizationOf(asked, probe.Model, probe.Weights!.Facts);
            (training, measuring) = Inputs.PipelinesOf(recipe, probe.Model, numbers, Upright);
        }

        PixelImages all = ImageFolder.Read(Images, training);
        (Subset train, Subset held) = Inputs.HoldOut(all);
        PixelImages? measured = Test is { } folder ? Inputs.ReadFolder(new DirectoryInfo(folder), measuring, all.ClassNames) : null;
        return new OpenedInputs(Create, train, held, measured is null ? null : all, measured);
    }

    [JsonSourceGenerationOptions(
        JsonSerializerDefaults.Web, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true)]
    [JsonSerializable(typeof(SweepInputs))]
    private sealed partial class InputsContext : JsonSerializerContext;
}

/// <summary>A sweep's model and images.</summary>
/// <param name="Create">A fresh tuner from a seed.</param>
/// <param name="Train">What trials learn from.</param>
/// <param name="Held">What trials are judged by.</param>
/// <param name="All">What final runs learn from; null for none.</param>
/// <param name="Test">What final runs are measured on; null for none.</param>
internal sealed record OpenedInputs(Func<int, Tuner> Create, IImageSource Train, IImageSource Held, IImageSource? All, IImageSource? Test);
