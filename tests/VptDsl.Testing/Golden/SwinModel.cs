using System.Text.Json;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Spec;

namespace VptDsl.Testing.Golden;

/// <summary>Reads what a golden case of a Swin transformer declares.</summary>
internal static class SwinModel
{
    /// <summary>The declaration, or null where the case is of another family.</summary>
    public static ModelSpec? Read(JsonElement description)
    {
        if (description.GetProperty("backbone_kind").GetString() != "swin")
            return null;
        JsonElement backbone = description.GetProperty("backbone"), prompt = description.GetProperty("prompt");
        EquatableArray<int> depths = Numbers(backbone, "depths");
        PromptSpec? prompts = prompt.ValueKind != JsonValueKind.Object ? null : PlacedPrompts.Read(prompt) ?? new TokenPromptSpec(
            prompt.GetProperty("length").GetInt32(),
            prompt.GetProperty("deep").GetBoolean() ? Enumerable.Range(0, depths.Sum()).ToEquatableArray() : EquatableArray.Of(0),
            PromptFlow.Carry);
        return new(
            new("VptDsl.Testing", "GoldenTuner", "public"),
            new SwinSpec(
                backbone.GetProperty("image").GetInt32(),
                backbone.GetProperty("image_channels").GetInt32(),
                backbone.GetProperty("patch").GetInt32(),
                backbone.GetProperty("hidden").GetInt32(),
                depths,
                Numbers(backbone, "heads"),
                backbone.GetProperty("window").GetInt32()),
            prompts,
            new ClassifierHeadSpec(description.GetProperty("classes").GetInt32()),
            description.GetProperty("transfer_type").GetString() switch
            {
                "end2end" => TrainedSet.Everything,
                "partial-1" => new(LastLayers: 1),
                "tinytl-bias" => new(Biases: true),
                _ => TrainedSet.PromptsAndHead,
            });
    }

    /// <summary>
    /// VptDsl's names of a stage's deep prompts, <c>prompts.deep_{stage}</c> [blocks, tokens, width]; the first block of all has the
    /// shallow ones.
    /// </summary>
    public static IEnumerable<(string Name, GoldenTensor Tensor)> DeepPrompts(SwinSpec swin, int stage, GoldenTensor tensor)
    {
        int first = stage == 0 ? 1 : swin.Depths.Take(stage).Sum();
        if (tensor.Shape[0] != swin.Depths[stage] - (stage == 0 ? 1 : 0))
            throw new InvalidDataException($"Stage {stage} has {tensor.Shape[0]} rows of deep prompts for {swin.Depths[stage]} blocks.");
        return Enumerable.Range(0, tensor.Shape[0]).Select(row => ($"prompts.{first + row}", tensor[row]));
    }

    private static EquatableArray<int> Numbers(JsonElement element, string name) =>
        element.GetProperty(name).EnumerateArray().Select(e => e.GetInt32()).ToEquatableArray();
}
