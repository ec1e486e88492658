using VptDsl.Compiler.Spec;
using VptDsl.Generators.Parsing;
using VptDsl.Generators.Tests.Harness;

namespace VptDsl.Generators.Tests.Specs;

/// <summary>
/// Protects what the generator knows of the attributes, their names and those of their arguments, from falling behind them.
/// </summary>
public sealed class AttributeAgreementTests
{
    [Fact]
    public void Unknown_presets_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new VitAttribute((VitSize)9));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DinoV2Attribute((DinoV2Size)9));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DinoV3Attribute((DinoV3Size)9));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SigLipAttribute((SigLipSize)9));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ClipAttribute((ClipSize)9));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Eva02Attribute((Eva02Size)9));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DeiTAttribute((DeiTSize)9));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DeiT3Attribute((DeiT3Size)9));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BeitAttribute((BeitSize)9));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SwinAttribute((SwinSize)9));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConvNeXtAttribute((ConvNeXtSize)9));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ResNetAttribute((ResNetSize)9));
    }

    [Fact]
    public void The_generator_looks_for_every_attribute_and_for_nothing_else() =>
        Assert.Equal(
            typeof(VitAttribute).Assembly.GetTypes()
                .Where(t =>
                    t is { IsPublic: true, IsAbstract: false } && t.IsSubclassOf(typeof(Attribute)) && t != typeof(PromptMethodAttribute))
                .Select(t => t.FullName)
                .Order(),
            KnownAttribute.All.Select(a => a.MetadataName).Order());

    [Fact]
    public void Every_argument_of_an_attribute_is_a_part_that_problems_can_point_at()
    {
        foreach (KnownAttribute known in KnownAttribute.All)
        {
            Type attribute = typeof(VitAttribute).Assembly.GetType(known.MetadataName)!;
            AttributeRole role = known.Kind.Role();
            Assert.All(
                attribute.GetProperties().Where(p => p.SetMethod is not null),
                p => Assert.NotEqual(SpecParts.Of(role), SpecParts.Of(role, p.Name)));
        }
    }

    [Fact]
    public void The_documented_example_compiles() =>
        DiagnosticAssert.ReportsNothing(
            """
            [Vit(VitSize.Base, Patch = 16, Image = 224)]
            [DeepPrompt(Tokens = 50)]
            [LinearHead(Classes = 102)]
            public sealed partial class FlowerTuner;
            """);
}
