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

        double image = (double)vit.Channels * vit.Image * vit.Image;
        if (image > MaxFloats)
            return Problems.TooLarge(attribute.Locate("Image", "Channels"), image, "numbers in an image", MaxFloats, "make Image smaller");

        double parameters = BackboneParameters(vit);
        if (parameters > MaxFloats)
        {
            SpecPart part = attribute.Locate("Width", "Mlp", "Layers", "Patch", "Image");
            return Problems.TooLarge(part, parameters, "backbone parameters", MaxFloats, "make Width, Mlp or Layers smaller");
        }

        double activation = WidestActivation(vit, prompts: 0);
        return activation > MaxFloats
            ? Problems.TooLarge(
                attribute.Locate("Patch", "Image", "Width", "Mlp"),
                activation,
                "activations of one image in a layer",
                MaxFloats,
                "make Patch larger or Image smaller")
            : null;
    }

    /// <summary>What is too large about the prompts and the head on a backbone that is not too large, or null.</summary>
    public static Problem? CheckTask(ModelSpec model)
    {
        VitSpec vit = model.Backbone;
        double parameters = BackboneParameters(vit);
        if (model.Prompts is { } prompts)
        {
            parameters += (double)prompts.Tokens * prompts.Layers.Count * vit.Width;
            if (parameters > MaxFloats)
                return Problems.TooLarge(SpecPart.PromptTokens, parameters, "parameters with the prompts", MaxFloats, "use fewer Tokens");
            double activation = WidestActivation(vit, prompts.Tokens);
            if (activation > MaxFloats)
            {
                return Problems.TooLarge(
                    SpecPart.PromptTokens, activation, "activations of one image in a layer", MaxFloats, "use fewer Tokens");
            }
        }

        parameters += (vit.Width + 1.0) * model.Head.Classes;
        return parameters > MaxFloats
            ? Problems.TooLarge(SpecPart.HeadClasses, parameters, "parameters with the head", MaxFloats, "use fewer Classes")
            : null;
    }

    /// <summary>The parameters of the backbone without a head.</summary>
    internal static double BackboneParameters(VitSpec vit)
    {
        double width = vit.Width;
        double patchEmbedding = ((vit.Channels * (double)vit.Patch * vit.Patch) + 1) * width;
        double positions = (1 + Patches(vit)) * width;
        double norms = 2 * 2 * width;
        double attention = (width + 1) * 4 * width;
        double mlp = (2 * width * vit.Mlp) + vit.Mlp + width;
        double classToken = width;
        double finalNorm = 2 * width;
        return patchEmbedding + classToken + positions + (vit.Layers * (norms + attention + mlp)) + finalNorm;
    }

    private static double WidestActivation(VitSpec vit, int prompts) =>
        (1 + (double)prompts + Patches(vit)) * Math.Max(3.0 * vit.Width, vit.Mlp);

    private static double Patches(VitSpec vit) => Math.Pow(vit.Image / vit.Patch, 2);
}
