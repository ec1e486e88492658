using VptDsl.Tasks;

namespace VptDsl.Tests.Tasks;

/// <summary>Protects those who have a task file and no source: it says what declares its model, as C# has it.</summary>
public sealed class DeclaredAttributesTests
{
    [Theory]
    [InlineData(
        typeof(Plain),
        "[Vit(VitSize.Large, Patch = 16)] [DeepPrompt(After = PromptFlow.Drop, Layers = \"1..6\", Tokens = 10)] [LinearHead(Classes = 7)]")]
    [InlineData(
        typeof(Numbers),
        "[Vit(Image = 8, LayerScale = true)] [LoRA(Alpha = 0.5, On = LoRATargets.Query | LoRATargets.Value)] "
            + "[MlpHead(Classes = 7, Layers = 2)]")]
    [InlineData(typeof(Heir), "[ShallowPrompt(Tokens = 3)] [Vit(VitSize.Base)] [TrainLastLayers(2)] [LinearHead(Classes = 7)]")]
    [InlineData(typeof(Short), "[Vit(VitSize.Base)] [LinearHead(Classes = 7)] [Precision(Precision.BFloat16)]")]
    public void They_are_what_a_class_and_its_bases_have(Type type, string attributes) =>
        Assert.Equal(attributes, DeclaredAttributes.Of(type, classes: 7));

    [Vit(VitSize.Large, Patch = 16), DeepPrompt(Tokens = 10, Layers = "1..6", After = PromptFlow.Drop)]
    [LinearHead]
    [System.ComponentModel.Description("not of the language")]
    private sealed class Plain;

    [Vit(Image = 8, LayerScale = true), LoRA(Alpha = 0.5, On = LoRATargets.Query | LoRATargets.Value), MlpHead(Layers = 2)]
    private sealed class Numbers;

    [Vit(VitSize.Base), DeepPrompt, TrainLastLayers(2), LinearHead(Classes = 5)]
    private abstract class Base;

    [Vit(VitSize.Base), LinearHead, Precision(Precision.BFloat16)]
    private sealed class Short;

    [ShallowPrompt(Tokens = 3)]
    private sealed class Heir : Base;
}
