using System.Text.Json;
using VptDsl.Compiler.Spec;

namespace VptDsl.Testing.Golden;

/// <summary>
/// A tiny model with the numbers that the paper's public code computes for it: see Golden/README.md. Parameters have VptDsl's names:
/// timm's for the backbone, <c>prompts.{layer}</c> [tokens, width] for prompts, <c>head.weight</c> and <c>head.bias</c>.
/// </summary>
public sealed class GoldenCase
{
    private const string Shallow = "prompts.shallow", Deep = "prompts.deep", DeepOfStage = "prompts.deep_";

    /// <summary>Where the cases lie, a folder each: beside the tests.</summary>
    private static readonly string Root = Path.Combine(AppContext.BaseDirectory, "Golden", "Cases");

    private readonly Dictionary<string, GoldenTensor> _expected;

    private GoldenCase(string name)
    {
        Name = name;
        Folder = Path.Combine(Root, name);
        using JsonDocument description = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "case.json")));
        JsonElement root = description.RootElement;
        Model = GoldenModel.Read(root);
        Sgd = ReadSgd(root.GetProperty("sgd"));
        ClassWeights = root.TryGetProperty("class_weights", out JsonElement weights) && weights.ValueKind == JsonValueKind.Array
            ? [.. weights.EnumerateArray().Select(weight => weight.GetSingle())]
            : [];
        AdamW = ReadAdamW(root.GetProperty("adamw"));

        _expected = CanonicalNames.Of(SafetensorsTensors.Read(Path.Combine(Folder, "expected.safetensors")));
        Dictionary<string, GoldenTensor> inputs =
            CanonicalNames.Of(SafetensorsTensors.Read(Path.Combine(Folder, "inputs.safetensors")));
        Images = inputs["images"].Values;
        Labels = inputs["labels"].Values.Select(label => (int)label).ToArray();
        Backbone = CanonicalNames.Of(SafetensorsTensors.Read(Path.Combine(Folder, "weights.safetensors")));
        Task = ByOurNames(inputs.Where(i => i.Key is not ("images" or "labels")));
    }

    /// <summary>The cases that a declaration can express, all with the same kinds of numbers.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "vit_linear",
        "vit_shallow",
        "vit_deep",
        "vit_deep_p1",
        "vit_deep_long",
        "vit_depth_1",
        "vit_depth_first_k",
        "vit_depth_first_k_noexpand",
        "vit_depth_last_k_reverse_inserted",
        "vit_end2end",
        "vit_deep_adamw",
        "vit_partial1",
        "vit_bias",
        "vit_cls",
        "vit_cls_prompt",
        "vit_prompt_bias",
        "vit_prompt_noupdate",
        "vit_deep_class_weights",
        "vit_npz_pos_resize",
        "vit_deep_img_pool",
        "vit_deep_imgprompt_pool",
        "vit_deep_prompt_pool",
        "vit_shallow_img_pool",
        "mae_linear",
        "mae_shallow",
        "mae_deep",
        "mae_deep_img_pool",
        "mae_deep_prompt_pool",
        "mae_partial1",
        "mae_end2end",
        "mae_adapter",
        "moco_linear",
        "moco_shallow",
        "moco_deep",
        "moco_end2end",
        "moco_adapter",
        "vit_adapter",
        "vit_add_shallow",
        "vit_add_deep",
        "vit_add1_shallow",
        "vit_add1_deep",
        "vit_prepend_pixel",
        "vit_prepend_pixel_imgnet",
        "vit_below",
        "vit_pad",
        "vit_shallow_project",
        "vit_deep_project",
        "vit_deep_shared",
        "vit_linear_mlp3",
        "vit_linear_mlp3_bn_train",
        "vit_deep_mlp2",
        "convnext_linear",
        "convnext_pad",
        "convnext_pad_gaussian",
        "convnext_end2end",
        "convnext_partial0",
        "resnet_partial1",
        "resnet_linear",
        "resnet_pad",
        "resnet_pad_gaussian",
        "resnet_end2end",
        "swin_linear",
        "swin_end2end",
        "swin_deep",
        "swin_deep_w4",
        "swin_shallow_b1",
        "swin_shallow_per_sample",
        "swin_partial1",
        "swin_bias",
        "swin_add1",
        "swin_below",
        "swin_pad",
        "resnet_below",
        "clip_linear",
        "clip_shallow",
        "clip_deep",
        "clip_end2end",
        "dinov2_linear",
        "dinov2_shallow",
        "dinov2_deep",
        "dinov2_bias",
        "vit_gap_deep",
        "vit_qknorm_deep",
        "deit_distilled_deep",
        "deit3_deep",
        "dinov2_linear_clsmean",
        "dinov2_giant_deep",
        "dinov2_reg_deep",
        "dinov2_reg_end2end",
        "dinov3_linear",
        "dinov3_shallow",
        "dinov3_deep",
        "dinov3_plus_deep",
        "dinov3_end2end",
        "eva02_small_deep",
        "eva02_deep",
        "eva02_end2end",
        "siglip_linear",
        "siglip_shallow",
        "siglip_deep",
        "siglip_gap_deep",
        "siglip_end2end",
        "vit_bias_later",
        "vit_lora",
        "dinov2_lora",
        "beit_shallow",
        "beit_deep",
    ];

    public string Name { get; }

    /// <summary>The folder with the case's files.</summary>
    public string Folder { get; }

    /// <summary>
    /// The backbone's weights: a safetensors file with timm's names, or, where the case has one, a checkpoint of Google's whose positions
    /// must be resampled.
    /// </summary>
    public string BackboneFile =>
        Path.Combine(Folder, File.Exists(Path.Combine(Folder, "weights.npz")) ? "weights.npz" : "weights.safetensors");

    public GoldenModel Model { get; }

    /// <summary>The number of images.</summary>
    public int Batch => Labels.Length;

    /// <summary>Row-major, [batch, channels, image, image].</summary>
    public float[] Images { get; }

    /// <summary>[batch].</summary>
    public int[] Labels { get; }

    /// <summary>How much each class counts in the loss; empty where all count 1.</summary>
    public float[] ClassWeights { get; }

    /// <summary>The backbone's parameters by name.</summary>
    public IReadOnlyDictionary<string, GoldenTensor> Backbone { get; }

    /// <summary>The prompts' and the head's parameters by name.</summary>
    public IReadOnlyDictionary<string, GoldenTensor> Task { get; }

    /// <summary>All parameters by name.</summary>
    public IReadOnlyDictionary<string, GoldenTensor> Parameters => Backbone.Concat(Task).ToDictionary();

    public GoldenSgd Sgd { get; }

    /// <summary>Only where <see cref="AdamWTraining"/> is.</summary>
    public GoldenAdamW? AdamW { get; }

    /// <summary>[batch, classes].</summary>
    public float[] Logits => _expected["logits"].Values;

    /// <summary>What the head reads, [batch, width].</summary>
    public float[] Features => _expected["features"].Values;

    /// <summary>The mean cross-entropy over the batch.</summary>
    public float Loss => _expected["loss"].Values[0];

    /// <summary>The gradient of <see cref="Loss"/> for every trained parameter.</summary>
    public IReadOnlyDictionary<string, GoldenTensor> Gradients => Expected("grad.");

    /// <summary>Three SGD steps with weight decay on every trained parameter.</summary>
    public GoldenTraining SgdTraining => Training("step3.")!;

    /// <summary>
    /// Three SGD steps without weight decay on <c>head.bias</c>; null where the public code was not run that way, or doubles the learning
    /// rate of biases.
    /// </summary>
    public GoldenTraining? SgdTrainingWithoutBiasDecay =>
        Model.Trained.EndsWith("bias", StringComparison.Ordinal) ? null : Training("step3_official.");

    /// <summary>Three AdamW steps; only <c>vit_deep_adamw</c> has them.</summary>
    public GoldenTraining? AdamWTraining => Training("step3_adamw.");

    /// <summary>The declaration.</summary>
    internal ModelSpec Spec => Model.ToSpec();

    /// <summary>Reads a case of <see cref="Names"/>.</summary>
    public static GoldenCase Load(string name) => new(name);

    public override string ToString() => Name;

    private GoldenTraining? Training(string prefix)
    {
        string losses = prefix + "losses";
        return _expected.TryGetValue(losses, out GoldenTensor? values)
            ? new(values.Values, Expected(prefix).Where(e => e.Key != "losses").ToDictionary())
            : null;
    }

    private Dictionary<string, GoldenTensor> Expected(string prefix) => ByOurNames(_expected
        .Where(e => e.Key.StartsWith(prefix, StringComparison.Ordinal))
        .Select(e => KeyValuePair.Create(e.Key[prefix.Length..], e.Value)));

    private Dictionary<string, GoldenTensor> ByOurNames(IEnumerable<KeyValuePair<string, GoldenTensor>> tensors)
    {
        var named = new Dictionary<string, GoldenTensor>();
        foreach ((string name, GoldenTensor tensor) in tensors)
        {
            switch (name)
            {
                case Shallow:
                    named.Add(Model.SharesPrompts ? "prompts.shared" : "prompts.0", tensor);
                    break;
                case Deep:
                    // Layer 0, where it is prompted, has the shallow prompts; the rows are those of the layers after it.
                    int[] layers = Model.PromptLayers.Where(layer => layer > 0).ToArray();
                    if (layers.Length != tensor.Shape[0])
                        throw new InvalidDataException($"{Name} has {tensor.Shape[0]} rows of deep prompts for {layers.Length} layers.");
                    for (int row = 0; row < layers.Length; row++)
                        named.Add($"prompts.{layers[row]}", tensor[row]);
                    break;
                case var deep when deep.StartsWith(DeepOfStage, StringComparison.Ordinal):
                    int stage = deep[^1] - '0';
                    foreach ((string layer, GoldenTensor prompts) in SwinModel.DeepPrompts((SwinSpec)Spec.Backbone, stage, tensor))
                        named.Add(layer, prompts);
                    break;
                default:
                    named.Add(name, tensor);
                    break;
            }
        }

        return named;
    }

    private static GoldenSgd ReadSgd(JsonElement sgd) => new(
        sgd.GetProperty("lr").GetDouble(), sgd.GetProperty("momentum").GetDouble(), sgd.GetProperty("weight_decay").GetDouble());

    private static GoldenAdamW? ReadAdamW(JsonElement adamW)
    {
        if (adamW.ValueKind == JsonValueKind.Null)
            return null;
        double[] betas = adamW.GetProperty("betas").EnumerateArray().Select(b => b.GetDouble()).ToArray();
        return new(
            adamW.GetProperty("lr").GetDouble(),
            betas[0],
            betas[1],
            adamW.GetProperty("eps").GetDouble(),
            adamW.GetProperty("weight_decay").GetDouble());
    }
}
