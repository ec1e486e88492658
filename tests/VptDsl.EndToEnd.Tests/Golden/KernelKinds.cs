using System.Reflection;
using System.Text.RegularExpressions;
using VptDsl.Testing.Golden;

namespace VptDsl.EndToEnd.Tests.Golden;

/// <summary>The kinds of kernels that golden cases have: an operation with what is fused into it, whatever its sizes.</summary>
internal static partial class KernelKinds
{
    /// <summary>Cases that together have every kind of kernel that any case has, with few kernels.</summary>
    public static IReadOnlyList<string> CasesWithAll { get; } =
    [
        "vit_deep_project",
        "vit_end2end",
        "vit_linear_mlp3_bn_train",
        "vit_pad",
        "vit_prompt_bias",
        "mae_deep_prompt_pool",
        "swin_bias",
        "swin_deep",
        "swin_shallow_b1",
        "convnext_pad_gaussian",
        "convnext_partial0",
        "resnet_below",
        "resnet_linear",
        "clip_end2end",
        "dinov2_bias",
        "vit_qknorm_deep",
        "dinov3_end2end",
        "eva02_end2end",
        "siglip_end2end",
        "beit_shallow",
        "beit_deep",
        "vit_lora",
    ];

    /// <summary>The kinds that the model of a case has.</summary>
    public static IEnumerable<string> Of(string name, Device device)
    {
        GoldenCase golden = GoldenCase.Load(name);
        using Tuner tuner = GoldenModels.Load(name, device, golden.BackboneFile);
        Type model = tuner.GetType();
        Type operations = model.Assembly.GetTypes().Single(
            type => type.Name == "IlgpuOperations" && type.Namespace!.EndsWith("_" + model.Name, StringComparison.Ordinal));
        return operations.GetFields(BindingFlags.Instance | BindingFlags.NonPublic)
            .Select(field => KernelField().Match(field.Name))
            .Where(match => match.Success)
            .Select(match => Sizes().Replace(match.Groups["kernel"].Value, "#"))
            .Distinct();
    }

    /// <summary>A field that holds a kernel: its name, and the hash of its text.</summary>
    [GeneratedRegex("^_(?<kernel>[A-Za-z0-9]+)_[0-9a-f]{8}$")]
    private static partial Regex KernelField();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Sizes();
}
