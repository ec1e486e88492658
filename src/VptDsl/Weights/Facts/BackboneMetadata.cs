using System.Globalization;
using VptDsl.Common;
using VptDsl.Data;
using VptDsl.Programs;

namespace VptDsl.Weights;

/// <summary>The strings in the header of a backbone that <c>SaveBackbone</c> wrote: what its tensors do not tell.</summary>
internal static class BackboneMetadata
{
    private const string FormatKey = "format", Format = "vptdsl-backbone";
    private const string VersionKey = "version", Version = "1";
    private const string SizeKey = "image_size", NormalizationKey = "normalization";
    private const string GridKey = "grid";
    private const string HeadsKey = "heads", EpsilonKey = "epsilon", ActivationKey = "activation";

    // What messages call them.
    private const string Source = "metadata";

    /// <summary>The strings that say what a model is and how its images were normalised.</summary>
    /// <param name="model">The model.</param>
    /// <param name="normalization">What its backbone was trained with; null if that is not known.</param>
    public static Dictionary<string, string> Write(ModelDescription model, Normalization? normalization)
    {
        var metadata = new Dictionary<string, string>
        {
            [FormatKey] = Format,
            [VersionKey] = Version,
            [SizeKey] = model.ImageSize.ToString(),
        };
        if (model.Traits is { } traits)
        {
            metadata[EpsilonKey] = FactText.Of(traits.Epsilon);
            if (traits.Activation.Length > 0)
                metadata[ActivationKey] = traits.Activation;
            if (!traits.Heads.IsEmpty)
                metadata[HeadsKey] = FactText.Of(traits.Heads);
        }

        if (model.Parameters.Select(p => p.Grid).FirstOrDefault(g => g is not null) is { } grid)
            metadata[GridKey] = new PlaneSize(grid.Height, grid.Width).ToString();
        if (normalization is not null)
            metadata[NormalizationKey] = normalization.ToString();
        return metadata;
    }

    /// <summary>What the strings of a file say; nothing for a file of others.</summary>
    /// <exception cref="WeightFileException">
    /// They were written by this library and cannot be read, or the file is not what was written.
    /// </exception>
    public static CheckpointFacts Read(SafetensorsFile file)
    {
        if (file.Metadata.GetValueOrDefault(FormatKey) != Format)
            return new CheckpointFacts();
        if (file.Metadata.GetValueOrDefault(VersionKey) is not Version and var version)
        {
            throw new WeightFileException(
                file.Path, $"its metadata are of version {Quoted.Name(version ?? "")}, but this library reads version {Version}",
                "Use the version of VptDsl that wrote it, or a later one.");
        }

        ContentHash.Check(file);
        return new CheckpointFacts
        {
            Normalization = Get(NormalizationKey, Normalization.Parse),
            ImageSize = Get(SizeKey, ParseSize),
            Heads = Get(HeadsKey, text => FactText.Of(text.Split(',').Select(Size))),
            Epsilon = Get(EpsilonKey, text => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)),
            Activation = Get(ActivationKey, text => text),
        };

        static int Size(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) is > 0 and var size
            ? size
            : throw new FormatException("A size is at least 1.");

        Stated<T>? Get<T>(string key, Func<string, T> parse)
            where T : notnull
        {
            if (!file.Metadata.TryGetValue(key, out string? text))
                return null;
            try
            {
                return new Stated<T>(parse(text), Source);
            }
            catch (Exception e) when (e is FormatException or OverflowException)
            {
                throw SafetensorsFile.Broken(file.Path, $"its metadata's {key} {Quoted.Name(text)} cannot be read", innerException: e);
            }
        }
    }

    /// <summary>The grid of patches that positions in a file of this library's are for; null where the file does not say.</summary>
    public static PlaneSize? GridOf(IWeightSource source) =>
        source is SafetensorsFile file && file.Metadata.GetValueOrDefault(FormatKey) == Format
            && file.Metadata.TryGetValue(GridKey, out string? text) && IsSize(text, out PlaneSize grid)
            ? grid
            : null;

    private static PlaneSize ParseSize(string text) =>
        IsSize(text, out PlaneSize size) ? size : throw new FormatException($"{text} is no size.");

    private static bool IsSize(string text, out PlaneSize size) =>
        PlaneSize.TryParse(text, out size) && size is { Height: > 0, Width: > 0 };
}
