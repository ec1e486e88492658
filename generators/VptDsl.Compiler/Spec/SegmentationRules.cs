namespace VptDsl.Compiler.Spec;

/// <summary>Fills in the defaults of a decoder of pixels, and checks that backbone and prompts give it what it reads.</summary>
internal static class SegmentationRules
{
    private static readonly SegmentationHeadAttribute Usual = new();

    /// <summary>The head, or null when a problem was added.</summary>
    public static SegmentationHeadSpec? Resolve(DeclaredAttribute head, int classes, List<Problem> problems)
    {
        int before = problems.Count;
        SetrDecoder decoder = head.Choice<SetrDecoder>("Decoder", problems) ?? Usual.Decoder;
        int width = head.Number("Width") ?? Usual.Width, ignored = head.Number("IgnoreLabel") ?? Usual.IgnoreLabel;
        if (width < 1)
            problems.Add(Problems.NotPositive(head.Locate("Width"), "Width", width));
        if (ignored < classes)
            problems.Add(Problems.IgnoredClass(head.Locate("IgnoreLabel", "Classes"), ignored, classes));
        return problems.Count > before ? null : new(classes, decoder, decoder == SetrDecoder.Linear ? 0 : width, ignored);
    }

    /// <summary>Checks the rest of a declaration that has such a head.</summary>
    public static void Check(Declaration declaration, BackboneSpec? backbone, PromptSpec? prompts, HeadSpec? head, List<Problem> problems)
    {
        if (head is not SegmentationHeadSpec segmentation || backbone is null)
            return;
        DeclaredAttribute stated = declaration.InRole(AttributeRole.Head).First(),
            network = declaration.InRole(AttributeRole.Backbone).First();
        if (backbone is not VitSpec vit)
        {
            problems.Add(Problems.NoTokensToSegment(stated.Locate(), network.Kind.ToString()));
            return;
        }

        if (!vit.Image.IsSquare || !vit.Patch.IsSquare)
        {
            problems.Add(Problems.ArgumentsContradict(
                network.Locate("ImageHeight", "ImageWidth", "PatchHeight", "PatchWidth"),
                $"a segmentation head enlarges square maps of square patches, and images are {vit.Image} in patches of {vit.Patch} pixels",
                "cut larger pictures into squares, as SegmentationTuner's sliding window does"));
        }

        if (declaration.InRole(AttributeRole.Side).FirstOrDefault() is { } side)
        {
            Problem unread = Problems.ArgumentsContradict(
                side.Locate(),
                "a side network changes the features by which whole images are classified, and a segmentation head reads every patch token",
                "remove [SideNetwork], or use [LinearHead]");
            problems.Add(unread with { Remedy = Remedy.RemoveAttribute });
        }

        if (segmentation.Decoder == SetrDecoder.Mla && vit.Layers < SegmentationHeadSpec.Streams)
            problems.Add(Problems.TooFewStreams(stated.Locate("Decoder"), SegmentationHeadSpec.Streams, vit.Layers));
        if (prompts is PadPromptSpec)
            problems.Add(Problems.LabelsDoNotCoverBorders(declaration.InRole(AttributeRole.Prompts).First().Locate()));
        bool isPoolStated = network.Number("Pool") is not null && vit.Pool != TokenPool.ClassToken;
        if (isPoolStated || (network.Number("FinalNorm") is not null && vit.FinalNorm != FinalNorm.BeforePool))
        {
            string argument = isPoolStated ? "Pool" : "FinalNorm";
            problems.Add(Problems.NothingIsPooled(network.Locate(argument), argument));
        }
    }
}
