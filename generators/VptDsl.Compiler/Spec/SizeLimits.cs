namespace VptDsl.Compiler.Spec;

/// <summary>Rejects models whose parameters or activations cannot be addressed, before arithmetic on their sizes can overflow.</summary>
/// <remarks>Counts are doubles: exact far beyond the limits, and never in danger of overflow.</remarks>
internal static class SizeLimits
{
    /// <summary>The most floats that one span can address.</summary>
    public const double MaxFloats = int.MaxValue;

    /// <summary>Far deeper than vision transformers are; keeps a slip of the finger from stalling a build.</summary>
    public const int MaxLayers = 1000;

    /// <summary>What is too large about a backbone whose sizes are all positive, or null.</summary>
    public static Problem? CheckBackbone(VitSpec vit, DeclaredAttribute attribute)
    {
        if (vit.Layers > MaxLayers)
            return Problems.TooLarge(attribute.Locate("Layers"), vit.Layers, "layers", MaxLayers, "make Layers smaller");

        double image = vit.Channels * vit.Image.Area;
        if (image > MaxFloats)
        {
            return Problems.TooLarge(
                attribute.Locate("ImageHeight", "ImageWidth", "Image", "Channels"), image, "numbers in an image", MaxFloats,
                "make Image smaller");
        }

        double registers = vit.Registers * vit.WidestToken;
        if (registers > MaxFloats)
        {
            return Problems.TooLarge(
                attribute.Locate("Registers"), registers, "activations of registers in a layer", MaxFloats, "use fewer Registers");
        }

        double parameters = vit.ParameterCount;
        if (parameters > MaxFloats)
        {
            SpecPart part = attribute.Locate(
                "Width", "Mlp", "Layers", "Patch", "PatchHeight", "PatchWidth", "Image", "ImageHeight", "ImageWidth");
            return Problems.TooLarge(part, parameters, "backbone parameters", MaxFloats, "make Width, Mlp or Layers smaller");
        }

        double biases = vit.RelativeBias ? vit.Heads * Math.Pow(1 + vit.Grid.Area, 2) : 0;
        if (biases > MaxFloats)
        {
            return Problems.TooLarge(
                attribute.Locate("Patch", "PatchHeight", "PatchWidth", "Image", "ImageHeight", "ImageWidth", "Heads"),
                biases,
                "biases for pairs of tokens in a layer",
                MaxFloats,
                "make Patch larger or Image smaller");
        }

        double activation = vit.WidestActivation(promptTokens: 0);
        return activation > MaxFloats
            ? Problems.TooLarge(
                attribute.Locate("Patch", "PatchHeight", "PatchWidth", "Image", "ImageHeight", "ImageWidth", "Width", "Mlp"),
                activation,
                "activations of one image in a layer",
                MaxFloats,
                "make Patch larger or Image smaller")
            : null;
    }

    /// <summary>What is too large about the prompts and the head on a backbone that is not too large, or null.</summary>
    public static Problem? CheckTask(ModelSpec model)
    {
        BackboneSpec backbone = model.Backbone;
        double parameters = backbone.ParameterCount;
        if (model.Prompts is { } prompts)
        {
            parameters += prompts.ParameterCount(backbone);
            if (parameters > MaxFloats)
            {
                (SpecPart part, string many) = prompts switch
                {
                    AddedPromptSpec => (SpecPart.PromptLayers, "Layers"),
                    ChannelPromptSpec => (SpecPart.PromptChannels, "Channels"),
                    _ => (SpecPart.PromptTokens, "Tokens"),
                };
                return Problems.TooLarge(part, parameters, "parameters with the prompts", MaxFloats, "use fewer " + many);
            }

            double activation = backbone.WidestActivation(prompts.AddedTokens);
            if (activation > MaxFloats)
            {
                return Problems.TooLarge(
                    SpecPart.PromptTokens, activation, "activations of one image in a layer", MaxFloats, "use fewer Tokens");
            }
        }

        if (model.LoRA is { } lora && backbone is VitSpec updated)
        {
            parameters += lora.ParameterCount(updated);
            if (parameters > MaxFloats)
            {
                return Problems.TooLarge(
                    SpecPart.LoRARank, parameters, "parameters with the updates", MaxFloats, "make Rank smaller or update fewer layers");
            }
        }

        if (model.Side is { } side)
        {
            parameters += side.ParameterCount(backbone);
            if (parameters > MaxFloats)
            {
                return Problems.TooLarge(
                    SpecPart.SideWidth, parameters, "parameters with the side network", MaxFloats, "make its Width smaller");
            }
        }

        parameters += model.Head.ParameterCount(backbone);
        if (parameters > MaxFloats)
        {
            return Problems.TooLarge(
                SpecPart.HeadClasses, parameters, "parameters with the head", MaxFloats, "use fewer Classes" + Smaller(model.Head));
        }

        double decoded = model.Head.WidestActivation(backbone);
        return decoded > MaxFloats
            ? Problems.TooLarge(
                SpecPart.HeadClasses, decoded, "activations of one image in the head", MaxFloats,
                "use fewer Classes, a smaller Width or a smaller Image")
            : null;
    }

    private static string Smaller(HeadSpec head) => head switch
    {
        ClassifierHeadSpec { HiddenLayers: > 0 } => " or Layers",
        SegmentationHeadSpec => " or a smaller Width",
        _ => "",
    };
}
