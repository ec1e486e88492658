namespace VptDsl.Compiler.Spec;

/// <summary>Fills in a vision transformer's preset and defaults, and checks that its sizes fit each other.</summary>
internal static class VitRules
{
    private const int DefaultPatch = 16;
    private const int DefaultImage = 224;
    private const int DefaultChannels = 3;
    private const int MlpRatio = 4;

    /// <summary>The backbone, or null when problems were added.</summary>
    public static VitSpec? Resolve(DeclaredAttribute vit, List<Problem> problems)
    {
        int before = problems.Count;
        VitPreset? preset = Preset(vit, problems);
        CheckPositive(vit, problems);
        int? width = vit.Number("Width") ?? preset?.Width;
        int? layers = vit.Number("Layers") ?? preset?.Layers;
        int? heads = vit.Number("Heads") ?? preset?.Heads;
        CheckStated(vit, width, layers, heads, problems);
        if (problems.Count > before || width is null || layers is null || heads is null)
            return null;

        int image = vit.Number("Image") ?? DefaultImage;
        int patch = vit.Number("Patch") ?? preset?.Patch ?? DefaultPatch;
        if (width % heads != 0)
        {
            problems.Add(Problems.WidthNotDivisible(
                vit.Locate("Width", "Heads"), width.Value, heads.Value, Multiples(width.Value, heads.Value)));
        }

        if (image % patch != 0)
            problems.Add(Problems.ImageNotDivisible(vit.Locate("Image", "Patch"), image, patch, Multiples(image, patch)));

        int mlp = vit.Number("Mlp") ?? (int)Math.Min(int.MaxValue, (long)MlpRatio * width.Value);
        var spec = new VitSpec(image, vit.Number("Channels") ?? DefaultChannels, patch, width.Value, layers.Value, heads.Value, mlp)
        {
            Pool = (TokenPool)Choice(vit, "Pool", nameof(TokenPool), Enum.GetNames(typeof(TokenPool)), problems),
            FinalNorm = (FinalNorm)Choice(vit, "FinalNorm", nameof(Spec.FinalNorm), Enum.GetNames(typeof(FinalNorm)), problems),
            Positions = (PositionEmbedding)Choice(vit, "Positions", nameof(PositionEmbedding), Enum.GetNames(typeof(PositionEmbedding)), problems),
        };
        if (spec.Positions == PositionEmbedding.SineCosine && spec.Width % 4 != 0)
            problems.Add(Problems.NoSineCosine(vit.Locate("Positions"), spec.Width));
        if (SizeLimits.CheckBackbone(spec, vit) is { } tooLarge)
            problems.Add(tooLarge);
        return problems.Count > before ? null : spec;
    }

    /// <summary>An enumeration's number, 0 unless stated.</summary>
    private static int Choice(DeclaredAttribute vit, string argument, string type, string[] names, List<Problem> problems)
    {
        int number = vit.Number(argument) ?? 0;
        if (number >= 0 && number < names.Length)
            return number;
        problems.Add(Problems.UnknownValue(vit.Locate(argument), type, number, "one of " + string.Join(", ", names.Select(n => $"{type}.{n}"))));
        return 0;
    }

    private static VitPreset? Preset(DeclaredAttribute vit, List<Problem> problems)
    {
        if (vit.Number("Size") is not { } number)
            return null;
        VitPreset? preset = VitPreset.Find(number);
        if (preset is null)
            problems.Add(Problems.UnknownValue(vit.Locate("Size"), "VitSize", number, "one of " + VitPreset.Names));
        return preset;
    }

    private static void CheckPositive(DeclaredAttribute vit, List<Problem> problems)
    {
        foreach (DeclaredArgument argument in vit.Arguments)
        {
            if (argument.Name is not ("Size" or "Pool" or "FinalNorm" or "Positions") && argument.Number is < 1)
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
