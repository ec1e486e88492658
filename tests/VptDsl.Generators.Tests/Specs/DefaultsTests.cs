using System.Globalization;
using System.Reflection;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Spec;

namespace VptDsl.Generators.Tests.Specs;

/// <summary>
/// The compiler's rules see written arguments alone and ask the attribute for the rest. To leave an argument out must be to write its
/// default, for every argument of every attribute, and each argument must make a difference.
/// </summary>
public sealed class DefaultsTests
{
    private static readonly DeclaredAttribute Vit = DeclarationBuilder.Vit(("Size", 0));
    private static readonly DeclaredAttribute ResNet = Of(AttributeKind.ResNet, ("Size", 0));
    private static readonly DeclaredAttribute Head = DeclarationBuilder.Head();

    /// <summary>What has to be written, and the attributes that have to stand beside.</summary>
    private static readonly Dictionary<AttributeKind, ((string Name, object? Value)[] Written, DeclaredAttribute[] Beside)> Contexts = new()
    {
        [AttributeKind.Vit] = ([("Width", 64), ("Layers", 2), ("Heads", 4)], [Head]),
        [AttributeKind.DinoV2] = ([("Size", 0)], [Head]),
        [AttributeKind.DinoV3] = ([("Size", 0)], [Head]),
        [AttributeKind.SigLip] = ([("Size", 0)], [Head]),
        [AttributeKind.Clip] = ([("Size", 0)], [Head]),
        [AttributeKind.Eva02] = ([("Size", 0)], [Head]),
        [AttributeKind.DeiT] = ([("Size", 0)], [Head]),
        [AttributeKind.DeiT3] = ([("Size", 0)], [Head]),
        [AttributeKind.Beit] = ([("Size", 0)], [Head]),
        [AttributeKind.Swin] = ([("Width", 32), ("Depths", "2,2,2,2"), ("Heads", "1,2,4,8")], [Head]),
        [AttributeKind.ConvNeXt] = ([("Depths", "1,1,1,1"), ("Widths", "8,8,8,8")], [Head]),
        [AttributeKind.ResNet] = ([("Depths", "1,1,1,1"), ("Widths", "8,8,8,8")], [Head]),
        [AttributeKind.ShallowPrompt] = ([], [Vit, Head]),
        [AttributeKind.DeepPrompt] = ([], [Vit, Head]),
        [AttributeKind.PadPrompt] = ([], [ResNet, Head]),
        [AttributeKind.AddedPrompt] = ([], [Vit, Head]),
        [AttributeKind.PixelPrompt] = ([], [Vit, Head]),
        [AttributeKind.ChannelPrompt] = ([], [Vit, Head]),
        [AttributeKind.LinearHead] = ([("Classes", 10)], [Vit]),
        [AttributeKind.MlpHead] = ([("Classes", 10)], [Vit]),
        [AttributeKind.SegmentationHead] = ([("Classes", 10)], [Vit]),
        [AttributeKind.Adapter] = ([], [Vit, Head]),
        [AttributeKind.LoRA] = ([], [Vit, Head]),
        [AttributeKind.SideNetwork] = ([], [Vit, Head]),
    };

    /// <summary>The backbones' presets, which change defaults.</summary>
    private static readonly (AttributeKind Kind, Type Sizes)[] Presets =
    [
        (AttributeKind.Vit, typeof(VitSize)), (AttributeKind.DinoV2, typeof(DinoV2Size)), (AttributeKind.DinoV3, typeof(DinoV3Size)),
        (AttributeKind.SigLip, typeof(SigLipSize)), (AttributeKind.Clip, typeof(ClipSize)), (AttributeKind.Eva02, typeof(Eva02Size)),
        (AttributeKind.DeiT, typeof(DeiTSize)), (AttributeKind.DeiT3, typeof(DeiT3Size)), (AttributeKind.Beit, typeof(BeitSize)),
        (AttributeKind.Swin, typeof(SwinSize)), (AttributeKind.ConvNeXt, typeof(ConvNeXtSize)), (AttributeKind.ResNet, typeof(ResNetSize)),
    ];

    public static TheoryData<string> Kinds => [.. Enum.GetValues<AttributeKind>().Where(k => Settable(k).Any()).Select(k => k.ToString())];

    public static TheoryData<string, int> Sizes
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach ((AttributeKind kind, Type sizes) in Presets)
            {
                foreach (int size in sizes.GetEnumValues().Cast<int>())
                    data.Add(kind.ToString(), size);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void To_leave_an_argument_out_is_to_write_its_default(string name)
    {
        AttributeKind kind = Enum.Parse<AttributeKind>(name);
        Attribute attribute = Written(kind);

        ModelSpec expected = Model(kind, Contexts[kind].Written);
        foreach (PropertyInfo property in Settable(attribute).Where(p => !Contexts[kind].Written.Any(w => w.Name == p.Name)))
            Assert.Equal(expected, Model(kind, [.. Contexts[kind].Written, (property.Name, property.GetValue(attribute))]));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void To_leave_an_argument_beside_a_preset_out_is_to_write_the_presets(string name, int size)
    {
        AttributeKind kind = Enum.Parse<AttributeKind>(name);
        Attribute attribute = Preset(kind, size);

        ModelSpec expected = Model(kind, ("Size", size));
        foreach (PropertyInfo property in Settable(attribute))
            Assert.Equal(expected, Model(kind, ("Size", size), (property.Name, property.GetValue(attribute))));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_argument_makes_a_difference(string name)
    {
        AttributeKind kind = Enum.Parse<AttributeKind>(name);
        Attribute attribute = Written(kind);
        foreach (PropertyInfo property in Settable(attribute))
        {
            (string, object?)[] written = property.Name switch
            {
                // What becomes of prompts after their layers shows where there are layers after them.
                nameof(DeepPromptAttribute.After) => [(nameof(DeepPromptAttribute.Layers), "0")],

                // The grid of pre-training counts for one of the ways to turn.
                nameof(VitAttribute.RotaryGrid) =>
                    [.. Contexts[kind].Written, (nameof(VitAttribute.Rotary), (int)RotaryEmbedding.Pairs)],
                _ => Contexts[kind].Written,
            };
            Resolution expected = Resolve(kind, written);
            Resolution other = Resolve(
                kind, [.. written.Where(w => w.Item1 != property.Name), (property.Name, Other(property.GetValue(attribute)))]);
            Assert.True(expected != other, $"{property.Name} of {name} changes nothing.");
        }
    }

    private static object Other(object? value) => value switch
    {
        null or string => "1",
        bool flag => !flag,
        double real => real + 0.25,
        _ => Convert.ToInt32(value, CultureInfo.InvariantCulture) + 1,
    };

    /// <summary>The attribute with what has to be written.</summary>
    private static Attribute Written(AttributeKind kind)
    {
        if (Contexts[kind].Written is [("Size", int size)])
            return Preset(kind, size);
        var attribute = (Attribute)Activator.CreateInstance(TypeOf(kind))!;
        foreach ((string argument, object? value) in Contexts[kind].Written)
            TypeOf(kind).GetProperty(argument)!.SetValue(attribute, value);
        return attribute;
    }

    private static Attribute Preset(AttributeKind kind, int size) =>
        (Attribute)Activator.CreateInstance(TypeOf(kind), Enum.ToObject(Presets.Single(p => p.Kind == kind).Sizes, size))!;

    private static ModelSpec Model(AttributeKind kind, params (string Name, object? Value)[] arguments)
    {
        Resolution resolution = Resolve(kind, arguments);
        Assert.Empty(resolution.Problems);
        return resolution.Model!;
    }

    private static Resolution Resolve(AttributeKind kind, params (string Name, object? Value)[] arguments) => SpecResolver.Resolve(
        DeclarationBuilder.Declare([.. Contexts[kind].Beside, Of(kind, arguments)]));

    private static DeclaredAttribute Of(AttributeKind kind, params (string Name, object? Value)[] arguments) =>
        new(kind, arguments.Select(a => Argument(a.Name, a.Value)).ToEquatableArray());

    /// <summary>An argument as the generator reads it from source.</summary>
    private static DeclaredArgument Argument(string name, object? value) => value switch
    {
        double real => new(name, null, null) { Real = real },
        null or string => new(name, null, (string?)value),
        _ => new(name, Convert.ToInt32(value, CultureInfo.InvariantCulture), null),
    };

    private static Type TypeOf(AttributeKind kind) => typeof(VitAttribute).Assembly.GetType($"VptDsl.{kind}Attribute", throwOnError: true)!;

    private static IEnumerable<PropertyInfo> Settable(AttributeKind kind) =>
        TypeOf(kind).GetProperties().Where(p => p.SetMethod is { IsPublic: true });

    /// <summary>The arguments that an attribute takes as it is: MLPs with a gate have no other activation.</summary>
    private static IEnumerable<PropertyInfo> Settable(Attribute attribute) =>
        attribute.GetType().GetProperties().Where(p => p.SetMethod is { IsPublic: true }
            && !(p.Name == nameof(VitAttribute.Activation) && attribute is VisionTransformerAttribute { MlpForm: not MlpForm.Plain }));
}
