using System.Globalization;

namespace VptDsl.Tool.Models;

/// <summary>Short words for what is trained, as they stand on a command line, and the attributes that they mean.</summary>
internal static class Scheme
{
    /// <summary>What <c>--prompts</c> takes.</summary>
    public const string Prompts = "none, shallow:N, deep:N, added, pixels:N, channels:N, pad:N, "
        + "or an attribute as \"[DeepPrompt(Tokens = 10, Shared = true)]\"";

    /// <summary>What <c>--tune</c> takes.</summary>
    public const string Parts = "lora:RANK, adapter:REDUCTION, biases, last:LAYERS, side, class-token, everything, or an attribute";

    /// <summary>What <c>--head</c> takes.</summary>
    public const string Heads = "linear, mlp:LAYERS, or an attribute as \"[LinearHead(Classes = 5000)]\"";

    /// <summary>What <c>--precision</c> takes.</summary>
    public static string Precisions { get; } = Words<Precision>();

    /// <summary>What <c>--frozen-weights</c> takes.</summary>
    public static string Storages { get; } = Words<WeightStorage>();

    /// <summary>The attribute of a prompt scheme; empty for none.</summary>
    public static string OfPrompts(string word) => Attribute(word, "--prompts", Prompts, name => name switch
    {
        "none" => "",
        "shallow" => "[ShallowPrompt(Tokens = #)]",
        "deep" => "[DeepPrompt(Tokens = #)]",
        "added" => "[AddedPrompt]",
        "pixels" => "[PixelPrompt(Tokens = #)]",
        "channels" => "[ChannelPrompt(Channels = #)]",
        "pad" => "[PadPrompt(Pixels = #)]",
        _ => null,
    });

    /// <summary>The attribute of what else is trained.</summary>
    public static string OfPart(string word) => Attribute(word, "--tune", Parts, name => name switch
    {
        "lora" => "[LoRA(Rank = #)]",
        "adapter" => "[Adapter(Reduction = #)]",
        "biases" => "[TrainBiases]",
        "last" => "[TrainLastLayers(#)]",
        "side" => "[SideNetwork]",
        "class-token" => "[TrainClassToken]",
        "everything" => "[TrainEverything]",
        _ => null,
    });

    /// <summary>The attribute of a head.</summary>
    public static string OfHead(string word) => Attribute(word, "--head", Heads, name => name switch
    {
        "linear" => "[LinearHead]",
        "mlp" => "[MlpHead(Layers = #)]",
        _ => null,
    });

    /// <summary>The attribute of what tensor cores multiply.</summary>
    public static string OfPrecision(string word) => $"[Precision({Member<Precision>(word, "--precision", Precisions)})]";

    /// <summary>The attribute of what memory holds frozen weights in.</summary>
    public static string OfStorage(string word) => $"[FrozenWeights({Member<WeightStorage>(word, "--frozen-weights", Storages)})]";

    private static string Words<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetNames<T>().Select(name => name.ToLowerInvariant()));

    private static string Member<T>(string word, string option, string choices)
        where T : struct, Enum =>
        Enum.GetNames<T>().FirstOrDefault(name => name.Equals(word, StringComparison.OrdinalIgnoreCase)) is { } name
            ? $"{typeof(T).Name}.{name}"
            : throw new ArgumentException($"{option} is one of {choices}, and not \"{word}\".");

    private static string Attribute(string word, string option, string choices, Func<string, string?> find)
    {
        if (word.StartsWith('['))
            return word;
        string[] parts = word.Split(':');
        string? attribute = find(parts[0]);
        bool hasNumber = attribute?.Contains('#') == true;
        if (attribute is null || parts.Length > 2 || (!hasNumber && parts.Length > 1))
            throw new ArgumentException($"{option} is one of {choices}, and not \"{word}\".");
        if (!hasNumber)
            return attribute;
        if (parts.Length < 2 || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            throw new ArgumentException($"{option} {parts[0]} takes a number, as in {parts[0]}:10, and not \"{word}\".");
        return attribute.Replace("#", number.ToString(CultureInfo.InvariantCulture));
    }
}
