using System.Text.Json;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Spec;

namespace VptDsl.Testing.Golden;

/// <summary>Reads what a golden case of a convolutional network declares.</summary>
internal static class ConvolutionalModel
{
    /// <summary>The declaration; null where the case is of another family.</summary>
    public static ModelSpec? Read(JsonElement description)
    {
        JsonElement backbone = description.GetProperty("backbone"), prompt = description.GetProperty("prompt");
        BackboneSpec? spec = description.GetProperty("backbone_kind").GetString() switch
        {
            "convnext" => new ConvNeXtSpec(Number("image"), Number("image_channels"), Numbers("depths"), Numbers("dims")),
            "resnet" => new ResNetSpec(
                Number("image"), Number("image_channels"), Number("stem"), Numbers("blocks"), Numbers("planes"), Expansion: 4),
            _ => null,
        };
        return spec is null ? null : new(
            new("VptDsl.Testing", "GoldenTuner", "public"),
            spec,
            prompt.ValueKind == JsonValueKind.Null ? null : PlacedPrompts.Read(prompt),
            new ClassifierHeadSpec(description.GetProperty("classes").GetInt32()),
            description.GetProperty("transfer_type").GetString() switch
            {
                "end2end" => TrainedSet.Everything,

                // A block of a ConvNeXt, a stage of a ResNet; the stage of the case is one block.
                "partial-0" or "partial-1" => new(LastLayers: 1),
                _ => TrainedSet.PromptsAndHead,
            });

        int Number(string name) => backbone.GetProperty(name).GetInt32();
        EquatableArray<int> Numbers(string name) =>
            backbone.GetProperty(name).EnumerateArray().Select(n => n.GetInt32()).ToEquatableArray();
    }
}
