using VptDsl.Tool.Models;

namespace VptDsl.Tests.Tool;

/// <summary>
/// Protects whoever opens somebody else's task file: its attributes are compiled and run, so that nothing but attributes may be in them.
/// </summary>
public sealed class ModelDeclarationTests
{
    [Theory]
    [InlineData("[Vit(VitSize.Base,Patch=16)][LinearHead]", "[Vit(VitSize.Base, Patch = 16)] [LinearHead]")]
    [InlineData("[Vit(Image = 8), MlpHeadAttribute(Dropout = 0.5)]", "[Vit(Image = 8)] [MlpHeadAttribute(Dropout = 0.5)]")]
    [InlineData(
        "[LoRA(Alpha = -1.5, On = LoRATargets.Query | LoRATargets.Value)]",
        "[LoRA(Alpha = -1.5, On = LoRATargets.Query | LoRATargets.Value)]")]
    [InlineData("[DeepPrompt(Layers = \"1..6\", Shared = true)]", "[DeepPrompt(Layers = \"1..6\", Shared = true)]")]
    public void Attributes_are_taken_as_they_are(string written, string declared) =>
        Assert.Equal(declared, ModelDeclaration.Parse(written).Attributes);

    [Theory]
    [InlineData("[Vit] [LinearHead(Classes = 5)]", "[Vit] [LinearHead]")]
    [InlineData("[MlpHead(Classes = 1000, Layers = 2)] [Vit(Image = 8)]", "[MlpHead(Layers = 2)] [Vit(Image = 8)]")]
    [InlineData("[LinearHead(Classes = 1001)]", "[LinearHead(Classes = 1001)]")]
    [InlineData("[LinearHead]", "[LinearHead]")]
    public void Tasks_of_few_classes_share_a_model(string written, string declared) =>
        Assert.Equal(declared, ModelDeclaration.Parse(written).WithUsualRoom().Attributes);

    [Theory]
    [InlineData("[Vit] [LinearHead]", "[Vit] [LinearHead] [Precision(Precision.BFloat16)]")]
    [InlineData("[Precision(Precision.Float32)] [Vit] [LinearHead]", "[Vit] [LinearHead] [Precision(Precision.BFloat16)]")]
    [InlineData(
        "[Vit, PrecisionAttribute(precision: Precision.Float32), LinearHead]", "[Vit] [LinearHead] [Precision(Precision.BFloat16)]")]
    [InlineData(
        "[DeepPrompt(Layers = \"[Precision(\")] [ShallowPrompt(Layers = \") evil (\")]",
        "[DeepPrompt(Layers = \"[Precision(\")] [ShallowPrompt(Layers = \") evil (\")] [Precision(Precision.BFloat16)]")]
    public void A_stated_precision_takes_the_place_of_a_declared_one(string written, string declared) => Assert.Equal(
        declared, ModelDeclaration.Parse(written).With("Precision", Scheme.OfPrecision("bfloat16")).Attributes);

    [Theory]
    [InlineData("[Vit] public static class Other { static Other() { } } [LinearHead]")]
    [InlineData("[Vit] class Model { static Model() { } }")]
    [InlineData("[Vit] class Model; class Other { }")]
    [InlineData("using System; [Vit]")]
    [InlineData("[assembly: Vit]")]
    [InlineData("[type: Vit]")]
    [InlineData("[System.Obsolete]")]
    [InlineData("[VptDsl.Vit]")]
    [InlineData("[PromptMethod]")]
    [InlineData("[Obsolete(\"x\")]")]
    [InlineData("[Vit(Image = M())]")]
    [InlineData("[Vit(Image = System.Environment.TickCount)]")]
    [InlineData("[Vit(Image = (int)8)]")]
    [InlineData("[Vit(Image = 8 + 8)]")]
    [InlineData("[Vit(Image = $\"{1}\")]")]
    [InlineData("[Vit(typeof(string))]")]
    [InlineData("[Vit]\n#pragma warning disable\n")]
    [InlineData("[Vit]\n#line 1 \"x\"\n")]
    [InlineData("[Vit] /* */")]
    [InlineData("[Vit] //")]
    [InlineData("[Vit] unsafe")]
    [InlineData("[Vit] partial")]
    [InlineData("[Vit")]
    [InlineData("[Vit]]")]
    [InlineData("[Vit] \0")]
    public void Anything_else_is_refused(string written)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => ModelDeclaration.Parse(written));
        Assert.Contains("declares no model", error.Message, StringComparison.Ordinal);
    }
}
