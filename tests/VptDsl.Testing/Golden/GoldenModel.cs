using System.Text.Json;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Spec;

namespace VptDsl.Testing.Golden;

/// <summary>What a golden case declares, in plain numbers.</summary>
public sealed record GoldenModel
{
    public required int Image { get; init; }

    public required int Channels { get; init; }

    public required int Patch { get; init; }

    public required int Width { get; init; }

    public required int Layers { get; init; }

    public required int Heads { get; init; }

    public required int Mlp { get; init; }

    public required int Classes { get; init; }

    /// <summary>Prompts in each prompted layer; 0 where there are none.</summary>
    public required int PromptTokens { get; init; }

    /// <summary>The layers that prompts are joined before, ascending.</summary>
    public required IReadOnlyList<int> PromptLayers { get; init; }

    /// <summary>Whether prompt outputs leave the sequence at a layer without prompts of its own.</summary>
    public required bool DropsPrompts { get; init; }

    /// <summary>What is trained, in the words of the public code, for instance <c>partial-1</c>.</summary>
    public required string Trained { get; init; }

    /// <summary>
    /// The declaration, where it is of another family than vision transformers; then the sizes of a transformer say nothing.
    /// </summary>
    internal ModelSpec? Declared { get; init; }

    /// <summary>The same as a declaration for the compiler.</summary>
    internal ModelSpec ToSpec() => Declared ?? new(
        new("VptDsl.Testing", "GoldenTuner", "public"),
        new VitSpec(Image, Channels, Patch, Width, Layers, Heads, Mlp)
        {
            Pool = ReadPool,
            FinalNorm = Kind == "vit_mae" ? FinalNorm.AfterPool : FinalNorm.BeforePool,
            Positions = Kind == "vit_mocov3" ? PositionEmbedding.SineCosine : PositionEmbedding.Learned,
        },
        PromptTokens == 0 ? null : Prompts() with { Trained = Trained != "prompt-noupdate" },
        new ClassifierHeadSpec(Classes) { HiddenLayers = HiddenLayers, FrozenStatistics = HasFrozenStatistics },
        TrainedSet)
    {
        Adapter = AdapterReduction == 0 ? null : new(AdapterReduction),
    };

    /// <summary>Which of the public code's vision transformers it is.</summary>
    public string Kind { get; init; } = "vit";

    /// <summary>What the head reads, in the words of the public code.</summary>
    public string Pool { get; init; } = "original";

    /// <summary>Where prompts go, in the words of the public code.</summary>
    public string Location { get; init; } = "prepend";

    /// <summary>The width of prompts before their projection; 0 where there is none.</summary>
    public int Projection { get; init; }

    /// <summary>Whether all layers have the same prompts.</summary>
    public bool SharesPrompts { get; init; }

    /// <summary>How many times narrower than the tokens adapters are; 0 where there are none.</summary>
    public int AdapterReduction { get; init; }

    /// <summary>Layers of the head before the last.</summary>
    public int HiddenLayers { get; init; }

    /// <summary>Whether the head's normalisations were in evaluation mode while it was trained.</summary>
    public bool HasFrozenStatistics { get; init; }

    private TokenPool ReadPool => (Pool, Kind) switch
    {
        ("img_pool", _) => TokenPool.ImageTokens,
        ("prompt_pool", _) => TokenPool.Prompts,
        ("imgprompt_pool", _) or (_, "vit_mae") => TokenPool.AllButClass,
        _ => TokenPool.ClassToken,
    };

    private PromptSpec Prompts() =>
        PlacedPrompts.Read(Location, PromptTokens, isGaussian: false, PromptLayers.ToEquatableArray()) ?? Location switch
        {
            "prepend-pixel" => new PatchPromptSpec(PromptTokens, PatchStart.Uniform),
            "prepend-pixel-imgnettransform" => new PatchPromptSpec(PromptTokens, PatchStart.Colours),
            _ => new TokenPromptSpec(PromptTokens, PromptLayers.ToEquatableArray(), Flow)
            {
                Projection = Projection == 0 ? null : Projection,
                Shared = SharesPrompts,
            },
        };

    private TrainedSet TrainedSet => Trained switch
    {
        "end2end" => TrainedSet.Everything,
        "partial-1" => new(LastLayers: 1),
        "tinytl-bias" or "prompt+bias" => new(Biases: true),
        "cls" or "cls+prompt" => new(ClassToken: true),
        _ => TrainedSet.PromptsAndHead,
    };

    private PromptFlow Flow => DropsPrompts ? PromptFlow.Drop : PromptFlow.Carry;

    internal static GoldenModel Read(JsonElement description)
    {
        if ((LaterVitModel.Read(description) ?? SwinModel.Read(description) ?? ConvolutionalModel.Read(description)) is { } declared)
            return Of(declared, description);
        JsonElement backbone = description.GetProperty("backbone"), prompt = description.GetProperty("prompt"),
            adapter = description.GetProperty("adapter");
        JsonElement head = description.GetProperty("head");
        int layers = backbone.GetProperty("layers").GetInt32(), hidden = head.GetProperty("mlp_hidden_layers").GetInt32();
        bool prompted = prompt.ValueKind == JsonValueKind.Object;
        return new()
        {
            Image = backbone.GetProperty("image").GetInt32(),
            Channels = backbone.GetProperty("image_channels").GetInt32(),
            Patch = backbone.GetProperty("patch").GetInt32(),
            Width = backbone.GetProperty("hidden").GetInt32(),
            Layers = layers,
            Heads = backbone.GetProperty("heads").GetInt32(),
            Mlp = backbone.GetProperty("mlp").GetInt32(),
            Classes = description.GetProperty("classes").GetInt32(),
            PromptTokens = prompted ? prompt.GetProperty("length").GetInt32() : 0,
            PromptLayers = prompted ? ReadPromptLayers(prompt, layers) : [],
            DropsPrompts = prompted && prompt.GetProperty("noexpand").GetBoolean(),
            Trained = description.GetProperty("transfer_type").GetString()!,
            Kind = description.GetProperty("backbone_kind").GetString()!,
            Pool = prompted ? prompt.GetProperty("pool").GetString()! : "original",
            Location = prompted ? prompt.GetProperty("location").GetString()! : "prepend",
            Projection = prompted ? Math.Max(0, prompt.GetProperty("project").GetInt32()) : 0,
            SharesPrompts = prompted && prompt.GetProperty("deep_shared").GetBoolean(),
            HiddenLayers = hidden,
            HasFrozenStatistics = hidden > 0
                && head.GetProperty("batch_norm_mode").GetString()!.StartsWith("running statistics", StringComparison.Ordinal),
            AdapterReduction = adapter.ValueKind == JsonValueKind.Object ? adapter.GetProperty("reduction").GetInt32() : 0,
        };
    }

    private static GoldenModel Of(ModelSpec declared, JsonElement description) => new()
    {
        Image = declared.Backbone.Image.Height,
        Channels = declared.Backbone.Channels,
        Patch = 0,
        Width = declared.Backbone.FeatureWidth,
        Layers = declared.Backbone.Layers,
        Heads = 0,
        Mlp = 0,
        Classes = declared.Head.Classes,
        PromptTokens = 0,
        PromptLayers = declared.Prompts is TokenPromptSpec prompts ? [.. prompts.Layers] : [],
        DropsPrompts = false,
        Trained = description.GetProperty("transfer_type").GetString()!,
        Declared = declared,
    };

    private static int[] ReadPromptLayers(JsonElement prompt, int layers)
    {
        if (!prompt.GetProperty("deep").GetBoolean())
            return [0];
        JsonElement limit = prompt.GetProperty("num_deep_layers");
        int count = limit.ValueKind == JsonValueKind.Null ? layers : limit.GetInt32();
        int first = prompt.GetProperty("reverse_deep").GetBoolean() ? layers - count : 0;
        return Enumerable.Range(first, count).ToArray();
    }
}
