using System.Globalization;

namespace VptDsl.Inspection;

/// <summary>The families of vision transformers by their attributes: which of them says the most about a sketch.</summary>
internal static class VitFamily
{
    private const int UsualHeadWidth = 64;

    private static readonly (string Name, string Size, VisionTransformerAttribute Attribute)[] Presets =
    [
        .. All("Vit", (VitSize size) => new VitAttribute(size)),
        .. All("DinoV2", (DinoV2Size size) => new DinoV2Attribute(size)),
        .. All("DinoV3", (DinoV3Size size) => new DinoV3Attribute(size)),
        .. All("SigLip", (SigLipSize size) => new SigLipAttribute(size)),
        .. All("Clip", (ClipSize size) => new ClipAttribute(size)),
        .. All("Eva02", (Eva02Size size) => new Eva02Attribute(size)),
        .. All("DeiT3", (DeiT3Size size) => new DeiT3Attribute(size)),
        .. All("Beit", (BeitSize size) => new BeitAttribute(size)),
    ];

    /// <summary>The attribute that declares a sketch: of the family and size that need the fewest arguments beside them.</summary>
    public static string Declare(VitSketch sketch)
    {
        var declarations = Presets
            .Where(p => (p.Attribute.Width, p.Attribute.Layers, p.Attribute.Heads) == (sketch.Width, sketch.Layers, sketch.Heads))
            .Select(p => (p.Name, Arguments: (string[])[p.Size, .. Differences(sketch, p.Attribute, p.Name == "Vit")]))
            .Append(("Vit", [.. Sizes(sketch), .. Differences(sketch, new VitAttribute { Width = sketch.Width }, isPlain: true)]));
        (string name, string[] arguments) = declarations.MinBy(d => d.Arguments.Count(a => !IsOften(a)));
        return $"[{name}({string.Join(", ", arguments)})]";
    }

    /// <summary>The heads of a size that has all else in common with a sketch, or of heads of the usual width.</summary>
    public static int? UsualHeads(VitSketch sketch)
    {
        VisionTransformerAttribute? preset = Presets.Select(p => p.Attribute)
            .Where(a => a.Width == sketch.Width)
            .OrderBy(a => a.Layers == sketch.Layers ? 0 : 1)
            .ThenBy(a => Differences(sketch, a, isPlain: false).Count())
            .FirstOrDefault();
        return preset?.Heads ?? (sketch.Width % UsualHeadWidth == 0 ? sketch.Width / UsualHeadWidth : null);
    }

    // What differs between checkpoints of one network.
    private static bool IsOften(string argument) =>
        argument.StartsWith("Image", StringComparison.Ordinal) || argument.StartsWith("Patch", StringComparison.Ordinal);

    private static string[] Sizes(VitSketch sketch) =>
    [
        $"Width = {Number(sketch.Width)}", $"Layers = {Number(sketch.Layers)}",
        $"Heads = {(sketch.Heads is { } heads ? Number(heads) : "?")}",
    ];

    private static IEnumerable<string> Differences(VitSketch sketch, VisionTransformerAttribute usual, bool isPlain)
    {
        var arguments = new List<string>();
        Add("Mlp", sketch.Mlp, usual.Mlp);
        if (isPlain || sketch.Patch != usual.Patch)
            AddSize("Patch", sketch.Patch);
        AddSize("Image", sketch.Image);
        Add("Channels", sketch.Channels, usual.Channels);
        AddFlag("ClassToken", sketch.ClassToken, usual.ClassToken);
        AddFlag("DistillationToken", sketch.DistillationToken, usual.DistillationToken);
        Add("Registers", sketch.Registers, usual.Registers);
        AddChoice("Positions", sketch.Positions, usual.UsualPositions(sketch.Registers));
        AddChoice("Rotary", sketch.Rotary, usual.Rotary);
        AddFlag("RelativeBias", sketch.RelativeBias, usual.RelativeBias);
        AddChoice("AttentionBias", sketch.AttentionBias, usual.AttentionBias);
        AddFlag("QueryKeyNorm", sketch.QueryKeyNorm, usual.QueryKeyNorm);
        AddChoice("MlpForm", sketch.MlpForm, usual.MlpForm);
        AddChoice("Pool", sketch.Pool, usual.Pool);
        AddChoice("FinalNorm", sketch.FinalNorm, usual.FinalNorm);
        if (sketch.Epsilon != usual.Epsilon)
            arguments.Add(string.Create(CultureInfo.InvariantCulture, $"Epsilon = {sketch.Epsilon}"));
        if (sketch.MlpForm == MlpForm.Plain && !(sketch.ActivationIsGuessed && usual.PreNorm))
            AddChoice("Activation", sketch.Activation, usual.Activation, nameof(ActivationKind));
        AddFlag("PreNorm", sketch.PreNorm, usual.PreNorm);
        AddFlag("LayerScale", sketch.LayerScale, usual.LayerScale);
        return arguments;

        void AddSize(string name, PlaneSize size)
        {
            if (size.IsSquare)
                arguments.Add($"{name} = {Number(size.Height)}");
            else
                arguments.AddRange([$"{name}Height = {Number(size.Height)}", $"{name}Width = {Number(size.Width)}"]);
        }

        void Add(string name, int value, int preset)
        {
            if (value != preset)
                arguments.Add($"{name} = {Number(value)}");
        }

        void AddFlag(string name, bool value, bool preset)
        {
            if (value != preset)
                arguments.Add($"{name} = {(value ? "true" : "false")}");
        }

        void AddChoice<T>(string name, T value, T preset, string? type = null)
            where T : struct, Enum
        {
            if (!value.Equals(preset))
                arguments.Add($"{name} = {type ?? typeof(T).Name}.{value}");
        }
    }

    private static IEnumerable<(string Name, string Size, VisionTransformerAttribute Attribute)> All<TSize>(
        string name, Func<TSize, VisionTransformerAttribute> make)
        where TSize : struct, Enum =>
        Enum.GetValues<TSize>().Select(size => (name, $"{typeof(TSize).Name}.{size}", make(size)));

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
