using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Spec;
using VptDsl.Programs;

namespace VptDsl.Compiler.Tests.Backbones;

/// <summary>Backbones have as many parameters as those of the same name elsewhere, and as their declarations are checked for.</summary>
public sealed class ParameterCountTests
{
    private static readonly EquatableArray<int> Usual = EquatableArray.Of(64, 128, 256, 512);

    [Theory]
    [InlineData("Swin", 0, 28_288_354)]
    [InlineData("Swin", 1, 49_606_258)]
    [InlineData("Swin", 2, 87_768_224)]
    [InlineData("Swin", 3, 196_532_476)]
    [InlineData("ConvNeXt", 0, 28_589_128)]
    [InlineData("ConvNeXt", 1, 50_223_688)]
    [InlineData("ConvNeXt", 2, 88_591_464)]
    [InlineData("ConvNeXt", 3, 197_767_336)]
    [InlineData("ResNet", 2, 25_557_032)]
    public void Presets_with_the_classifier_of_ImageNet(string family, int size, long published)
    {
        const int classes = 1000;
        var problems = new List<Problem>();
        AttributeKind kind = Enum.Parse<AttributeKind>(family);
        var attribute = new DeclaredAttribute(kind, EquatableArray.Of(new DeclaredArgument("Size", size, null)));
        BackboneSpec backbone = family switch
        {
            "Swin" => SwinRules.Resolve(attribute, problems)!,
            "ConvNeXt" => ConvNeXtRules.Resolve(attribute, problems)!,
            _ => ResNetRules.Resolve(attribute, problems)!,
        };
        Parameter[] parameters = [.. ClassifierGraph.Build(Declare(backbone) with { Head = new ClassifierHeadSpec(classes) }).Parameters];
        Assert.Empty(problems);
        Assert.Equal(published, parameters.Where(p => p.Trained).Sum(p => p.Count));
    }

    [Fact]
    public void ConvNeXt_base() =>
        Check(new ConvNeXtSpec(224, 3, EquatableArray.Of(3, 3, 27, 3), EquatableArray.Of(128, 256, 512, 1024)), 87_566_464, statistics: 0);

    [Fact]
    public void ResNet_50() => Check(new ResNetSpec(224, 3, 64, EquatableArray.Of(3, 4, 6, 3), Usual, 4), 23_508_032, statistics: 53_120);

    [Fact]
    public void ResNet_18() => Check(new ResNetSpec(224, 3, 64, EquatableArray.Of(2, 2, 2, 2), Usual, 1), 11_176_512, statistics: 9_600);

    [Fact]
    public void Pixels_around_an_image()
    {
        var resNet = new ResNetSpec(224, 3, 64, EquatableArray.Of(2, 2, 2, 2), Usual, 1);
        var pad = new PadPromptSpec(5, PixelStart.Colours);
        ModelSpec model = Declare(resNet) with { Prompts = pad };
        Assert.Equal(13_740, ClassifierGraph.Build(model).Parameters.Where(p => p.Kind == ParameterKind.Prompt).Sum(p => p.Count));
        Assert.Equal(13_740, pad.ParameterCount(resNet));
    }

    private static void Check(BackboneSpec backbone, long published, long statistics)
    {
        Parameter[] parameters = [.. ClassifierGraph.Build(Declare(backbone)).Parameters.Where(p => p.Kind == ParameterKind.Backbone)];
        Assert.Equal(published, parameters.Where(p => p.Trained).Sum(p => p.Count));
        Assert.Equal(statistics, parameters.Where(p => !p.Trained).Sum(p => p.Count));
        Assert.Equal(published + statistics, backbone.ParameterCount);
    }

    private static ModelSpec Declare(BackboneSpec backbone) =>
        new(new("Tests", "Counted", "public"), backbone, null, new ClassifierHeadSpec(10), TrainedSet.Everything);
}
