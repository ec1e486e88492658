namespace VptDsl.Compiler.Spec;

/// <summary>Fills in a vision transformer's preset and defaults, and checks that its sizes fit each other.</summary>
internal static class VitRules
{
    private static readonly string[] NotSizes = ["Size", "Pool", "FinalNorm", "Positions", "Activation", "PreNorm", "LayerScale"];

    /// <summary>The backbone, or null when problems were added.</summary>
    public static VitSpec? Resolve(DeclaredAttribute vit, List<Problem> problems)
    {
        int before = problems.Count;
        VitAttribute? preset = vit.Choice<VitSize>("Size", problems) is { } size ? new(size) : null;
        VitAttribute usual = preset ?? new();
        CheckPositive(vit, problems);
        int? width = vit.Number("Width") ?? preset?.Width;
        int? layers = vit.Number("Layers") ?? preset?.Layers;
        int? heads = vit.Number("Heads") ?? preset?.Heads;
        CheckStated(vit, width, layers, heads, problems);
        if (problems.Count > before || width is null || layers is null || heads is null)
            return null;

        int image = vit.Number("Image") ?? usual.Image;
        int patch = vit.Number("Patch") ?? usual.Patch;
        if (width % heads != 0)
        {
            problems.Add(Problems.WidthNotDivisible(
                vit.Locate("Width", "Heads"), width.Value, heads.Value, Multiples(width.Value, heads.Value)));
        }

        if (image % patch != 0)
            problems.Add(Problems.ImageNotDivisible(vit.Locate("Image", "Patch"), image, patch, Multiples(image, patch)));

        int mlp = vit.Number("Mlp") ?? (int)Math.Min(int.MaxValue, (long)VitAttribute.MlpRatio * width.Value);
        var spec = new VitSpec(image, vit.Number("Channels") ?? usual.Channels, patch, width.Value, layers.Value, heads.Value, mlp)
        {
            Pool = vit.Choice<TokenPool>("Pool", problems) ?? usual.Pool,
            FinalNorm = vit.Choice<FinalNorm>("FinalNorm", problems) ?? usual.FinalNorm,
            Positions = vit.Choice<PositionEmbedding>("Positions", problems) ?? usual.Positions,
            Epsilon = vit.Real("Epsilon") ?? usual.Epsilon,
            Activation = vit.Choice<ActivationKind>("Activation", problems) ?? usual.Activation,
            PreNorm = vit.Flag("PreNorm") ?? usual.PreNorm,
            LayerScale = vit.Flag("LayerScale") ?? usual.LayerScale,
        };
        if (!(spec.Epsilon is > 0 and < 1))
            problems.Add(Problems.UnusableEpsilon(vit.Locate("Epsilon"), spec.Epsilon));
        if (spec.Positions == PositionEmbedding.SineCosine && spec.Width % 4 != 0)
            problems.Add(Problems.NoSineCosine(vit.Locate("Positions"), spec.Width));
        if (SizeLimits.CheckBackbone(spec, vit) is { } tooLarge)
            problems.Add(tooLarge);
        return problems.Count > before ? null : spec;
    }

    private static void CheckPositive(DeclaredAttribute vit, List<Problem> problems)
    {
        foreach (DeclaredArgument argument in vit.Arguments)
        {
            if (!NotSizes.Contains(argument.Name) && argument.Number is < 1)
                problems.Add(Problems.NotPositive(vit.Locate(argument.Name), argument.Name, argument.Number.Value));
        }
    }

    private static void CheckStated(DeclaredAttribute vit, int? width, int? layers, int? heads, List<Problem> problems)
    {
        if (vit.Number("Size") is not null)
            return;
        string[] missing =
        [
            .. new[] { ("Width", width), ("Layers", layers), ("Heads", heads) }.Where(s => s.Item2 is null).Select(s => s.Item1),
        ];
        if (missing.Length > 0)
            problems.Add(Problems.SizeMissing(vit.Locate(), string.Join(", ", missing)));
    }

    /// <summary>The multiples of a divisor on both sides of a value that is none, as words.</summary>
    private static string Multiples(int value, int divisor)
    {
        long below = value / divisor * (long)divisor;
        return below == 0 ? $"{below + divisor}" : $"{below} or {below + divisor}";
    }
}
