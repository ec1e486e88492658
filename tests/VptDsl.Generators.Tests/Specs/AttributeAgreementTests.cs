using VptDsl.Compiler.Spec;
using VptDsl.Generators.Parsing;
using VptDsl.Generators.Tests.Harness;
using static VptDsl.Generators.Tests.Specs.DeclarationBuilder;

namespace VptDsl.Generators.Tests.Specs;

/// <summary>Protects the two places that know the language, the attributes and the compiler, from saying different things.</summary>
public sealed class AttributeAgreementTests
{
    public static TheoryData<VitSize> Sizes => [.. Enum.GetValues<VitSize>()];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Presets_are_the_same(VitSize size)
    {
        var attribute = new VitAttribute(size);

        VitSpec resolved = (VitSpec)Model(Vit(("Size", (int)size)), Head()).Backbone;

        Assert.Equal(
            new VitSpec(attribute.Image, attribute.Channels, attribute.Patch, attribute.Width, attribute.Layers, attribute.Heads, attribute.Mlp),
            resolved);
        Assert.Equal(size.ToString(), VitPreset.Find((int)size)!.Name);
    }

    [Fact]
    public void There_are_no_further_presets() => Assert.Null(VitPreset.Find(Enum.GetValues<VitSize>().Length));

    [Theory]
    [InlineData(SwinSize.Tiny)]
    [InlineData(SwinSize.Small)]
    [InlineData(SwinSize.Base)]
    [InlineData(SwinSize.Large)]
    public void Presets_in_stages_are_the_same(SwinSize size)
    {
        var attribute = new SwinAttribute(size);

        var resolved = (SwinSpec)Model(Swin(("Size", (int)size)), Head()).Backbone;

        Assert.Equal((attribute.Image, attribute.Channels, attribute.Patch, attribute.Width), (resolved.Image, resolved.Channels, resolved.Patch, resolved.Width));
        Assert.Equal((attribute.Depths, attribute.Heads), (string.Join(",", resolved.Depths), string.Join(",", resolved.Heads)));
        Assert.Equal(attribute.Window, resolved.Window);
        Assert.Equal(size.ToString(), SwinPreset.Find((int)size)!.Name);
        Assert.Null(SwinPreset.Find(Enum.GetValues<SwinSize>().Length));
    }

    [Theory]
    [InlineData(SwinSize.Tiny, 27_519_354)]
    [InlineData(SwinSize.Small, 48_837_258)]
    [InlineData(SwinSize.Base, 86_743_224)]
    [InlineData(SwinSize.Large, 194_995_476)]
    public void Presets_in_stages_have_the_published_number_of_parameters(SwinSize size, long parameters)
    {
        ModelSpec model = Model(Swin(("Size", (int)size)), Head());

        Assert.Equal(parameters, model.Backbone.ParameterCount);
        Assert.Equal(
            parameters,
            Compiler.Backbones.ClassifierGraph.Build(model).Parameters.Where(p => p.Kind == Compiler.Graph.ParameterKind.Backbone).Sum(p => p.Count));
    }

    [Fact]
    public void An_unknown_preset_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new VitAttribute((VitSize)9));

    [Fact]
    public void Flows_are_the_same() =>
        Assert.Equal(
            Enum.GetValues<PromptFlow>().Select(f => (f.ToString(), (int)f)),
            Enum.GetValues<Compiler.Spec.PromptFlow>().Select(f => (f.ToString(), (int)f)));

    [Fact]
    public void The_generator_looks_for_every_attribute_and_for_nothing_else() =>
        Assert.Equal(
            typeof(VitAttribute).Assembly.GetTypes()
                .Where(t => t is { IsPublic: true, IsAbstract: false } && t.IsSubclassOf(typeof(Attribute)) && t != typeof(PromptMethodAttribute))
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
