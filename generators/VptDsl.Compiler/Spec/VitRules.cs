namespace VptDsl.Compiler.Spec;

/// <summary>Fills in a vision transformer's preset and defaults, and checks that its arguments fit each other.</summary>
internal static class VitRules
{
    private static readonly string[] NotPositive =
    [
        "Size", "Pool", "FinalNorm", "Positions", "Activation", "PreNorm", "LayerScale", "ClassToken", "DistillationToken", "Registers",
        "Rotary", "RelativeBias", "AttentionBias", "QueryKeyNorm", "MlpForm",
    ];

    /// <summary>The backbone, or null when problems were added.</summary>
    public static VitSpec? Resolve(DeclaredAttribute vit, List<Problem> problems)
    {
        int before = problems.Count;
        VisionTransformerAttribute usual = VitFamilies.Usual(vit, problems);
        CheckPositive(vit, problems);
        int width = vit.Number("Width") ?? usual.Width, layers = vit.Number("Layers") ?? usual.Layers,
            heads = vit.Number("Heads") ?? usual.Heads;
        if (problems.Count == before)
            CheckStated(vit, width, layers, heads, problems);
        if (problems.Count > before)
            return null;

        PlaneSize image = SizeOf("Image", usual.Image), patch = SizeOf("Patch", usual.Patch);
        if (width % heads != 0)
        {
            problems.Add(Problems.WidthNotDivisible(
                vit.Locate("Width", "Heads"), width, heads, $"{new Multiples(width, heads)}",
                Remedy.MakeDivisible(vit, ["Width"], width, ["Heads"], heads)));
        }

        if (image.Height % patch.Height != 0)
            NotDivisible("ImageHeight", "PatchHeight", image.Height, patch.Height);
        else if (image.Width % patch.Width != 0)
            NotDivisible("ImageWidth", "PatchWidth", image.Width, patch.Width);

        int mlp = vit.Number("Mlp") ?? usual.StatedMlp ?? (int)Math.Min(int.MaxValue, (long)VisionTransformerAttribute.MlpRatio * width);
        int registers = vit.Number("Registers") ?? usual.Registers;
        RotaryEmbedding rotary = vit.Choice<RotaryEmbedding>("Rotary", problems) ?? usual.Rotary;
        var spec = new VitSpec(image, vit.Number("Channels") ?? usual.Channels, patch, width, layers, heads, mlp)
        {
            HasClassToken = vit.Flag("ClassToken") ?? usual.ClassToken,
            HasDistillationToken = vit.Flag("DistillationToken") ?? usual.DistillationToken,
            Registers = registers,
            Pool = vit.Choice<TokenPool>("Pool", problems) ?? usual.Pool,
            FinalNorm = vit.Choice<FinalNorm>("FinalNorm", problems) ?? usual.FinalNorm,
            Positions = vit.Choice<PositionEmbedding>("Positions", problems) ?? usual.UsualPositions(registers),
            Rotary = rotary,
            RotaryGrid = rotary == RotaryEmbedding.Pairs ? vit.Number("RotaryGrid") ?? usual.RotaryGrid : 0,
            RelativeBias = vit.Flag("RelativeBias") ?? usual.RelativeBias,
            AttentionBias = vit.Choice<AttentionBias>("AttentionBias", problems) ?? usual.AttentionBias,
            QueryKeyNorm = vit.Flag("QueryKeyNorm") ?? usual.QueryKeyNorm,
            MlpForm = vit.Choice<MlpForm>("MlpForm", problems) ?? usual.MlpForm,
            Epsilon = vit.Real("Epsilon") ?? usual.Epsilon,
            Activation = vit.Choice<ActivationKind>("Activation", problems) ?? usual.Activation,
            PreNorm = vit.Flag("PreNorm") ?? usual.PreNorm,
            LayerScale = vit.Flag("LayerScale") ?? usual.LayerScale,
        };
        Check(spec, vit, usual, problems);
        if (SizeLimits.CheckBackbone(spec, vit) is { } tooLarge)
            problems.Add(tooLarge);
        return problems.Count > before ? null : spec;

        PlaneSize SizeOf(string argument, int usualSide)
        {
            int side = vit.Number(argument) ?? usualSide;
            return new(vit.Number(argument + "Height") ?? side, vit.Number(argument + "Width") ?? side);
        }

        void NotDivisible(string imageSide, string patchSide, int pixels, int patchPixels)
        {
            // What is said of both sides must go on fitting the other one.
            string[] common = image.IsSquare && patch.IsSquare ? ["Image", "Patch"] : [];
            problems.Add(Problems.ImageNotDivisible(
                vit.Locate(imageSide, patchSide, "Image", "Patch"), pixels, patchPixels, $"{new Multiples(pixels, patchPixels)}",
                Remedy.MakeDivisible(vit, [imageSide, .. common.Take(1)], pixels, [patchSide, .. common.Skip(1)], patchPixels)));
        }
    }

    private static void Check(VitSpec spec, DeclaredAttribute vit, VisionTransformerAttribute usual, List<Problem> problems)
    {
        // It is added as a 32-bit float, and that may be 0 where this is not.
        if ((float)spec.Epsilon is not (> 0 and < 1))
            problems.Add(Problems.UnusableEpsilon(vit.Locate("Epsilon"), spec.Epsilon));
        if (spec.Positions == PositionEmbedding.SineCosine && spec.Width % 4 != 0)
            problems.Add(Problems.NoSineCosine(vit.Locate("Positions"), spec.Width));
        if (spec.Rotary != RotaryEmbedding.None && spec.Width % spec.Heads == 0 && spec.HeadWidth % 4 != 0)
            problems.Add(Problems.NoRotary(vit.Locate("Rotary", "Heads", "Width"), spec.HeadWidth));
        if (!spec.HasClassToken && spec.Pool is TokenPool.ClassToken or TokenPool.ClassAndImage or TokenPool.AllButClass)
        {
            Contradict(
                $"Pool = TokenPool.{spec.Pool} needs a class token, and ClassToken is false",
                "pool the image tokens: Pool = TokenPool.ImageTokens", "Pool", "ClassToken");
        }

        if (!spec.HasClassToken && spec.HasDistillationToken)
        {
            Contradict(
                "a distillation token follows a class token, and ClassToken is false", "leave one of the two out", "DistillationToken");
        }

        if (spec.RelativeBias && spec.PrefixTokens != 1)
        {
            Contradict(
                "RelativeBias tells a class token from the patches, and nothing else",
                "leave registers and distillation token out, and the class token in",
                "Registers", "DistillationToken", "ClassToken", "RelativeBias");
        }

        if (spec.FinalNorm == FinalNorm.AfterPool && spec.Pool is TokenPool.ClassAndImage or TokenPool.Attention)
            Contradict($"TokenPool.{spec.Pool} is of normalised tokens", "write FinalNorm = FinalNorm.BeforePool", "FinalNorm", "Pool");
        if (spec.Rotary != RotaryEmbedding.Pairs && vit.Number("RotaryGrid") is { } grid && grid != usual.RotaryGrid)
        {
            Contradict(
                "RotaryGrid is what RotaryEmbedding.Pairs counts places in, and "
                    + (spec.Rotary == RotaryEmbedding.None ? "nothing turns here" : $"Rotary is RotaryEmbedding.{spec.Rotary} here"),
                "leave RotaryGrid out", "RotaryGrid");
        }

        if (spec.MlpForm != MlpForm.Plain && vit.Number("Activation") is not null)
            Contradict($"MlpForm.{spec.MlpForm} has SiLU as its gate", "leave Activation out", "Activation");

        void Contradict(string contradiction, string remedy, params string[] places) =>
            problems.Add(Problems.ArgumentsContradict(vit.Locate(places), contradiction, remedy));
    }

    private static void CheckPositive(DeclaredAttribute vit, List<Problem> problems)
    {
        foreach (DeclaredArgument argument in vit.Arguments)
        {
            if (!NotPositive.Contains(argument.Name) && argument.Number is < 1)
                problems.Add(Problems.NotPositive(vit.Locate(argument.Name), argument.Name, argument.Number.Value));
        }

        if (vit.Number("Registers") is < 0 and var registers)
        {
            problems.Add(Problems.ArgumentsContradict(
                vit.Locate("Registers"), FormattableString.Invariant($"there cannot be {registers} registers"), "write 0 or more"));
        }
    }

    private static void CheckStated(DeclaredAttribute vit, int width, int layers, int heads, List<Problem> problems)
    {
        string[] missing =
            [.. new[] { ("Width", width), ("Layers", layers), ("Heads", heads) }.Where(s => s.Item2 == 0).Select(s => s.Item1)];
        if (missing.Length > 0)
            problems.Add(Problems.SizeMissing(vit.Locate(), string.Join(", ", missing)));
    }
}
