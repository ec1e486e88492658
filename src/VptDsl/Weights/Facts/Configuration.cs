using System.Collections.Immutable;
using System.Text.Json;
using VptDsl.Common;
using VptDsl.Data;

namespace VptDsl.Weights;

/// <summary>
/// One JSON file that describes a model: Hugging Face's <c>config.json</c> and <c>preprocessor_config.json</c>, or timm's
/// <c>config.json</c>.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="root">Its content, an object.</param>
internal sealed class Configuration(string path, JsonElement root)
{
    // Pillow's numbers, which Hugging Face's files have.
    private static readonly string[] Resampling = ["nearest", "lanczos", "bilinear", "bicubic", "box", "hamming"];

    /// <summary>The name that messages have.</summary>
    public string Name => Path.GetFileName(path);

    /// <summary>What it says.</summary>
    /// <exception cref="WeightFileException">It says something that makes no sense.</exception>
    public CheckpointFacts Facts() => new()
    {
        Normalization = Said(Normalization()),
        ImageSize = ImageSize() is { } size ? new(size, Name) : null,
        Interpolation = Said(Interpolation()),
        Heads = Said(Heads()),
        Epsilon = Number(Model, "layer_norm_eps") is { } epsilon ? new(epsilon, Name) : null,
        Activation = Said(Text(Model, "hidden_act") ?? Text(Arguments, "act_layer")),
    };

    /// <summary>
    /// In what it contradicts the shapes of a file's tensors, so that it must be about another model; null if it may be about this one.
    /// </summary>
    public string? Contradiction(IReadOnlyList<TensorInfo> tensors)
    {
        int[] widths =
        [
            .. ((string[])["hidden_size", "num_features"]).SelectMany(key => Integers(Model, key)), .. Integers(Model, "hidden_sizes"),
            .. Integers(Arguments, "embed_dim"),
        ];
        if (widths.Cast<int?>().FirstOrDefault(width => !tensors.Any(tensor => tensor.Shape.Contains(width!.Value))) is { } missing)
            return $"{Name} says a width of {FactText.Of(missing)}, which no tensor has";
        int? patch = Integers(Model, "patch_size").Concat(Integers(Arguments, "patch_size")).Cast<int?>().FirstOrDefault();
        return patch is { } side && !tensors.Any(tensor => tensor.Shape.Length == 4 && tensor.Shape.Count(length => length == side) >= 2)
            ? $"{Name} says patches of {FactText.Of(side)} pixels, which no tensor has"
            : null;
    }

    /// <summary>What says how images are read: timm's part for it, Hugging Face's newer one, or the whole.</summary>
    private JsonElement Images => Object(root, "pretrained_cfg") ?? Object(root, "image_processor") ?? root;

    /// <summary>What says how the model is built: of one that takes text too, the part for images.</summary>
    private JsonElement Model => Object(root, "vision_config") ?? root;

    /// <summary>What timm's model was built with.</summary>
    private JsonElement? Arguments => Object(root, "model_args");

    private Stated<T>? Said<T>(T? value)
        where T : class => value is null ? null : new(value, Name);

    private Normalization? Normalization()
    {
        bool isTimms = Value(root, "architecture") is not null || Object(root, "pretrained_cfg") is not null;
        float[] means = Floats(isTimms ? "mean" : "image_mean"), deviations = Floats(isTimms ? "std" : "image_std");
        bool isOff = Truth(Images, "do_normalize") == false;
        if (!isOff && means.Length == 0 && deviations.Length == 0)
            return null;

        // Before normalisation pixels run from 0 to 255, or to what they are rescaled to.
        // Where they are not, numbers of at most 2 are meant for images that came with pixels from 0 to 1.
        double scale = Truth(Images, "do_rescale") != false ? byte.MaxValue * (Number(Images, "rescale_factor") ?? 1.0 / byte.MaxValue)
            : isOff || deviations.Any(deviation => deviation > 2) ? byte.MaxValue
            : 1;
        if (isOff)
            (means, deviations) = ([0, 0, 0], [1, 1, 1]);
        try
        {
            var numbers = new Normalization(means, deviations);
            return Math.Abs(scale - 1) < 1e-6
                ? numbers
                : new Normalization(
                    [.. numbers.Mean.Select(mean => (float)(mean / scale))], [.. numbers.Deviation.Select(d => (float)(d / scale))]);
        }
        catch (ArgumentException e)
        {
            throw Senseless("its mean and deviation are no normalisation: " + e.Message.Split(" (Parameter")[0].TrimEnd('.'), e);
        }
    }

    private PlaneSize? ImageSize()
    {
        JsonElement? stated = Truth(Images, "do_center_crop") == false ? null : Value(Images, "crop_size");
        stated ??= Value(Images, "size") ?? Value(Images, "input_size") ?? Value(Model, "image_size") ?? Value(Arguments, "img_size");
        return stated switch
        {
            { ValueKind: JsonValueKind.Object } sides when Whole(sides, "height") is { } height =>
                Size(height, Whole(sides, "width") ?? height),
            { ValueKind: JsonValueKind.Object } sides => Square(Whole(sides, "shortest_edge")),
            { ValueKind: JsonValueKind.Array } list when list.GetArrayLength() is > 1 and var count =>
                Size(Whole(list[count - 2]), Whole(list[count - 1])),
            { ValueKind: JsonValueKind.Array } list when list.GetArrayLength() > 0 => Square(Whole(list[0])),
            { } side => Square(Whole(side)),
            null => null,
        };

        static PlaneSize? Square(int? side) => side is { } pixels ? pixels : null;
        static PlaneSize? Size(int? height, int? width) => height is { } rows && width is { } columns ? new PlaneSize(rows, columns) : null;
    }

    private string? Interpolation()
    {
        if (Value(Images, "resample") is { ValueKind: JsonValueKind.Number } number)
            return number.TryGetInt32(out int index) && index >= 0 && index < Resampling.Length ? Resampling[index] : null;
        return Text(Images, "interpolation") ?? Text(Images, "resample");
    }

    private string? Heads()
    {
        ImmutableArray<int> heads = Integers(Model, "num_attention_heads");
        heads = heads.IsEmpty ? Integers(Model, "num_heads") : heads;
        heads = heads.IsEmpty ? Integers(Arguments, "num_heads") : heads;
        return heads.IsEmpty ? null : FactText.Of(heads);
    }

    private float[] Floats(string key) => Value(Images, key) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(Float)],
        { } number => [Float(number)],
    };

    private float Float(JsonElement number) => number.ValueKind == JsonValueKind.Number && number.TryGetSingle(out float value)
        ? value
        : throw Senseless($"its mean and deviation hold {Quoted.Name(number.GetRawText())}, which is no number");

    /// <summary>A whole number above 0, or a list of them; empty if there is neither.</summary>
    private ImmutableArray<int> Integers(JsonElement? owner, string key) => Value(owner, key) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(item => Positive(item, key))],
        { } number => [Positive(number, key)],
    };

    private int Positive(JsonElement number, string key) => Whole(number) is { } value
        ? value
        : throw Senseless($"its {key} is {Quoted.Name(number.GetRawText())} instead of a whole number above 0");

    private double? Number(JsonElement? owner, string key) => Value(owner, key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number when number.TryGetDouble(out double value) && double.IsFinite(value) && value > 0 =>
            value,
        { } other => throw Senseless($"its {key} is {Quoted.Name(other.GetRawText())} instead of a number above 0"),
    };

    private WeightFileException Senseless(string problem, Exception? inner = null) => new(
        path, $"the file lies beside weights and describes them, but {problem}",
        "Correct it, or move it away if it is about something else.",
        innerException: inner);

    private static int? Whole(JsonElement owner, string key) => Value(owner, key) is { } value ? Whole(value) : null;

    private static int? Whole(JsonElement number) =>
        number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out int value) && value > 0 ? value : null;

    private static bool? Truth(JsonElement owner, string key) => Value(owner, key)?.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    private static string? Text(JsonElement? owner, string key) =>
        Value(owner, key) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static JsonElement? Object(JsonElement owner, string key) =>
        Value(owner, key) is { ValueKind: JsonValueKind.Object } inner ? inner : null;

    /// <summary>A value that is there and not null.</summary>
    private static JsonElement? Value(JsonElement? owner, string key) =>
        owner is { ValueKind: JsonValueKind.Object } place && place.TryGetProperty(key, out JsonElement value)
            && value.ValueKind != JsonValueKind.Null
            ? value
            : null;
}
