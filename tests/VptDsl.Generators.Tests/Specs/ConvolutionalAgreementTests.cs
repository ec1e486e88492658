using VptDsl.Compiler.Common;
using VptDsl.Compiler.Spec;
using static VptDsl.Generators.Tests.Specs.DeclarationBuilder;

namespace VptDsl.Generators.Tests.Specs;

/// <summary>Protects the attributes of convolutional networks and the compiler's rules from saying different things.</summary>
public sealed class ConvolutionalAgreementTests
{
    public static TheoryData<ConvNeXtSize> ConvNeXtSizes => [.. Enum.GetValues<ConvNeXtSize>()];

    public static TheoryData<ResNetSize> ResNetSizes => [.. Enum.GetValues<ResNetSize>()];

    [Theory]
    [MemberData(nameof(ConvNeXtSizes))]
    public void ConvNeXt_presets_are_the_same(ConvNeXtSize size)
    {
        var attribute = new ConvNeXtAttribute(size);

        BackboneSpec resolved = Model(Sized(AttributeKind.ConvNeXt, (int)size), Head()).Backbone;

        Assert.Equal(new ConvNeXtSpec(attribute.Image, attribute.Channels, Numbers(attribute.Depths), Numbers(attribute.Widths)), resolved);
    }

    [Theory]
    [MemberData(nameof(ResNetSizes))]
    public void ResNet_presets_are_the_same(ResNetSize size)
    {
        var attribute = new ResNetAttribute(size);

        BackboneSpec resolved = Model(Sized(AttributeKind.ResNet, (int)size), Head()).Backbone;

        Assert.Equal(
            new ResNetSpec(
                attribute.Image, attribute.Channels, attribute.Stem, Numbers(attribute.Depths), Numbers(attribute.Widths), attribute.Expansion),
            resolved);
    }

    [Fact]
    public void Unknown_presets_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConvNeXtAttribute((ConvNeXtSize)9));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ResNetAttribute((ResNetSize)9));
    }

    private static DeclaredAttribute Sized(AttributeKind kind, int size) => new(kind, EquatableArray.Of(new DeclaredArgument("Size", size, null)));

    private static EquatableArray<int> Numbers(string? text) => text!.Split(',').Select(int.Parse).ToEquatableArray();
}
