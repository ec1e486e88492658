using VptDsl.Compiler.Common;
using VptDsl.Compiler.Spec;

namespace VptDsl.Testing.Declarations;

/// <summary>
/// Tiny vision transformers with every kind of prompt, every pool, adapters, side networks and every trained set, in any combination that
/// the rules allow.
/// </summary>
internal static class RandomProtocols
{
    /// <summary>No prompts, and each kind of prompts.</summary>
    public const int PromptKinds = 7;

    // Differences have no derivative where the function has none.
    private static readonly ActivationKind[] SmoothActivations =
        [ActivationKind.Gelu, ActivationKind.GeluTanh, ActivationKind.QuickGelu, ActivationKind.Silu];

    /// <summary>The same seed always gives the same declaration; consecutive seeds go through the kinds of prompts.</summary>
    public static ModelSpec Draw(Random random, int seed)
    {
        int side = random.Next(1, 4), heads = random.Next(1, 4), layers = random.Next(2, 5), grid = random.Next(1, 4);
        PlaneSize patch = DrawSize(new(seed + 4000), side, mostMore: 2), image = DrawSize(new(seed + 5000), grid, mostMore: 3);
        var vit = DrawVariant(random, new(
            new(image.Height * patch.Height, image.Width * patch.Width), Channels: 3, patch, Width: heads * 4, layers, heads,
            Mlp: random.Next(3, 12)));
        PromptSpec? prompts = DrawPrompts(random, vit, seed % PromptKinds);
        TokenPool pool = DrawPool(random, vit, prompts);
        return new(
            new("Drawn", $"Tuner{seed}", "public"),
            vit with
            {
                Pool = pool,
                FinalNorm = pool is TokenPool.ClassAndImage or TokenPool.Attention ? FinalNorm.BeforePool : (FinalNorm)random.Next(2),
            },
            prompts is null ? null : prompts with { Trained = random.Next(5) > 0 },
            new ClassifierHeadSpec(Classes: random.Next(2, 6)),
            DrawTrained(random, vit))
        {
            Adapter = random.Next(3) == 0 ? new(Reduction: random.Next(1, 5)) : null,
            LoRA = random.Next(3) == 0 ? new(Rank: random.Next(1, 3), Alpha: random.Next(1, 4), DrawTargets(random)) : null,
            Side = random.Next(3) == 0 ? new(Width: random.Next(1, 7), patch) : null,
        };
    }

    /// <summary>A square, or one with a side that is longer.</summary>
    private static PlaneSize DrawSize(Random random, int side, int mostMore)
    {
        int longer = side + random.Next(mostMore + 1);
        return random.Next(2) == 0 ? new(side, longer) : new(longer, side);
    }

    /// <summary>Each of what families differ in, mostly as it is usual.</summary>
    private static VitSpec DrawVariant(Random random, VitSpec vit)
    {
        var rotary = (RotaryEmbedding)random.Next(3);
        bool hasRelativeBias = random.Next(4) == 0, hasClassToken = hasRelativeBias || random.Next(4) > 0;
        return vit with
        {
            RelativeBias = hasRelativeBias,
            HasClassToken = hasClassToken,
            HasDistillationToken = hasClassToken && !hasRelativeBias && random.Next(4) == 0,
            Registers = !hasRelativeBias && random.Next(3) == 0 ? random.Next(1, 4) : 0,
            Positions = (PositionEmbedding)random.Next(4),
            Rotary = rotary,
            RotaryGrid = rotary == RotaryEmbedding.Pairs ? random.Next(1, 5) : 0,
            AttentionBias = (AttentionBias)random.Next(3),
            QueryKeyNorm = random.Next(4) == 0,
            MlpForm = (MlpForm)random.Next(3),
            Epsilon = random.Next(2) == 0 ? 1e-6 : 1e-3,
            Activation = SmoothActivations[random.Next(SmoothActivations.Length)],
            PreNorm = random.Next(3) == 0,
            LayerScale = random.Next(3) == 0,
        };
    }

    private static LoRATargets DrawTargets(Random random) => (LoRATargets)random.Next(1, (int)LoRATargets.All + 1);

    private static PromptSpec? DrawPrompts(Random random, VitSpec vit, int kind) => kind switch
    {
        0 => null,
        1 => DrawTokens(random, vit) with { Projection = random.Next(1, 6) },
        2 => new AddedPromptSpec(PerToken: true, DrawLayers(random, vit.Layers)),
        3 => new AddedPromptSpec(PerToken: false, DrawLayers(random, vit.Layers)),
        4 => new PatchPromptSpec(Tokens: random.Next(1, 4), (PatchStart)random.Next(3)),
        5 => new ChannelPromptSpec(Channels: random.Next(1, 4)),
        _ => new PadPromptSpec(
            Pixels: Enumerable.Range(1, (int)vit.Patch.Area).First(p => vit.CannotCut(vit.Image.Bordered(p)) is null),
            (PixelStart)random.Next(2)),
    };

    private static TokenPromptSpec DrawTokens(Random random, VitSpec vit)
    {
        EquatableArray<int> layers = DrawLayers(random, vit.Layers);
        return new(Tokens: random.Next(1, 5), layers, (PromptFlow)random.Next(2)) { Shared = layers.Count > 1 && random.Next(2) == 0 };
    }

    private static EquatableArray<int> DrawLayers(Random random, int layers)
    {
        int first = random.Next(layers);
        return Enumerable.Range(0, layers).Where(layer => layer == first || random.Next(2) == 0).ToEquatableArray();
    }

    /// <summary>Prompts are pooled only where some come out of the last layer, a class token only where there is one.</summary>
    private static TokenPool DrawPool(Random random, VitSpec vit, PromptSpec? prompts)
    {
        var pool = (TokenPool)random.Next(7);
        return pool switch
        {
            TokenPool.Prompts when prompts?.TokensAtTheEnd(vit.Layers) is null or 0 => TokenPool.All,
            TokenPool.ClassToken or TokenPool.AllButClass or TokenPool.ClassAndImage when !vit.HasClassToken => TokenPool.ImageTokens,
            _ => pool,
        };
    }

    private static TrainedSet DrawTrained(Random random, VitSpec vit) => random.Next(4) switch
    {
        0 => TrainedSet.Everything,
        1 => TrainedSet.PromptsAndHead,
        _ => new(
            LastLayers: random.Next(2) * random.Next(1, vit.Layers + 1),
            Biases: random.Next(2) == 0,
            ClassToken: vit.HasClassToken && random.Next(2) == 0),
    };
}
