using VptDsl.Compiler.Common;
using VptDsl.Compiler.Spec;

namespace VptDsl.Testing.Declarations;

/// <summary>Tiny declarations drawn from a seed: every size, prompt scheme and trained set that the language has.</summary>
internal static class RandomDeclarations
{
    private const int FirstInWindows = 1000, FirstPlaced = 12, FirstOpen = 2000, FirstProtocol = 3000, FirstSegmented = 4000,
        FirstOfSizes = 5000, FirstPrefixed = 6000;

    // Windows that tile a grid, with and without a shift; grids of one window, and smaller than one.
    private static readonly (int Window, int Side, int Stages)[] Grids = [(2, 4, 2), (2, 4, 3), (3, 6, 2), (2, 2, 2), (3, 3, 1), (4, 4, 2)];

    /// <summary>Seeds of declarations whose attention is inside windows.</summary>
    public static IEnumerable<int> InWindows => Enumerable.Range(FirstInWindows, FirstPlaced + 6);

    /// <summary>Seeds of declarations whose prompts are methods of their own: each method twice.</summary>
    public static IEnumerable<int> Open => Enumerable.Range(FirstOpen, 2 * OpenPromptDeclarations.Count);

    /// <summary>Seeds of declarations with every kind of prompt, pool and trained set.</summary>
    public static IEnumerable<int> Protocols => Enumerable.Range(FirstProtocol, 42);

    /// <summary>So many of <see cref="Protocols"/> have every kind of prompt once.</summary>
    public static int ProtocolKinds => RandomProtocols.PromptKinds;

    /// <summary>Seeds of declarations that tell the classes of pixels.</summary>
    public static IEnumerable<int> Segmented => Enumerable.Range(FirstSegmented, 8);

    /// <summary>Seeds of declarations that train several tokens before the patches, each with a position.</summary>
    public static IEnumerable<int> Prefixed => Enumerable.Range(FirstPrefixed, 4);

    /// <summary>Seeds of every kind of classifier that small seeds do not draw.</summary>
    public static IEnumerable<int> OtherClassifiers => [.. InWindows, .. Open, .. Protocols, .. Prefixed];

    /// <summary>Seeds of every kind of declaration that small seeds do not draw.</summary>
    public static IEnumerable<int> OtherKinds => [.. OtherClassifiers, .. Segmented];

    /// <summary>
    /// Seeds of declarations with sizes around those of tiles: a vision transformer, a convolutional network and a Swin transformer in
    /// turn.
    /// </summary>
    public static IEnumerable<int> AroundTiles => Enumerable.Range(FirstOfSizes, 12);

    /// <summary>The same seed always gives the same declaration.</summary>
    public static ModelSpec Draw(int seed)
    {
        var random = new Random(seed);
        if (seed >= FirstPrefixed)
            return DrawPrefixed(random, seed);
        if (seed >= FirstOfSizes)
            return RandomSizes.Draw(random, seed);
        if (seed >= FirstSegmented)
            return DrawSegmented(random, seed);
        if (seed >= FirstProtocol)
            return RandomProtocols.Draw(random, seed);
        if (seed >= FirstOpen)
            return OpenPromptDeclarations.Draw(random, seed);
        if (seed >= FirstInWindows)
            return DrawInWindows(random, seed);
        if (seed % 5 == 3)
            return RandomConvolutions.Draw(random, seed);
        int patch = random.Next(1, 4), heads = random.Next(1, 4), layers = random.Next(1, 5);
        var backbone = new VitSpec(
            Image: patch * random.Next(1, 4),
            Channels: random.Next(1, 4),
            patch,
            Width: heads * random.Next(4, 7),
            layers,
            heads,
            Mlp: random.Next(3, 12));
        return new(
            new("Drawn", $"Tuner{seed}", "public"),
            backbone,
            DrawPrompts(random, layers, seed),
            DrawHead(random.Next(2, 6), seed),
            random.Next(3) == 0 ? TrainedSet.Everything : DrawTrained(new Random(seed + 1000), layers));
    }

    private static ModelSpec DrawPrefixed(Random random, int seed)
    {
        int heads = random.Next(1, 3);
        var backbone = new VitSpec(
            Image: 2 * random.Next(1, 4), Channels: 1, Patch: 2, Width: 4 * heads, Layers: random.Next(1, 3), heads, Mlp: random.Next(3, 8))
        {
            HasDistillationToken = seed % 2 == 0,
            Registers = seed % 4 == 0 ? 0 : random.Next(1, 4),
            Positions = PositionEmbedding.Learned,
        };
        return new(
            new("Drawn", $"Tuner{seed}", "public"), backbone, DrawPrompts(random, backbone.Layers, seed),
            new ClassifierHeadSpec(Classes: random.Next(2, 6)), TrainedSet.Everything);
    }

    private static ModelSpec DrawInWindows(Random random, int seed)
    {
        (int window, int side, int stages) = Grids[seed % Grids.Length];
        int patch = random.Next(1, 3), heads = random.Next(1, 3);
        int[] depths = [.. Enumerable.Range(0, stages).Select(_ => random.Next(1, 3))];
        int[] headsOfStages = [.. Enumerable.Range(0, stages).Select(stage => random.Next(2) == 0 ? heads : heads << stage)];
        var backbone = new SwinSpec(
            Image: patch * side,
            Channels: random.Next(1, 3),
            patch,
            Width: heads * random.Next(4, 7),
            depths.ToEquatableArray(),
            headsOfStages.ToEquatableArray(),
            window);
        return new(
            new("Drawn", $"Tuner{seed}", "public"),
            backbone,
            seed < FirstInWindows + FirstPlaced ? DrawPrompts(random, backbone.Layers, seed) : DrawPlaced(random, backbone, seed),
            DrawHead(random.Next(2, 6), seed),
            random.Next(3) == 0 ? TrainedSet.Everything : DrawTrained(random, backbone.Layers));
    }

    private static ModelSpec DrawSegmented(Random random, int seed)
    {
        var decoder = (SetrDecoder)(seed % 4);
        int patch = seed % 8 < 4 ? 4 : random.Next(1, 4), heads = random.Next(1, 3),
            layers = decoder == SetrDecoder.Mla ? 4 : random.Next(1, 3);
        var backbone = new VitSpec(
            patch * random.Next(1, 4), Channels: random.Next(1, 3), patch, Width: heads * random.Next(4, 7), layers, heads,
            Mlp: random.Next(3, 8));
        int classes = random.Next(2, 5);
        return new(
            new("Drawn", $"Tuner{seed}", "public"),
            backbone,
            DrawPrompts(random, layers, seed),
            new SegmentationHeadSpec(classes, decoder, Width: random.Next(4, 7), Ignored: classes + 1),
            random.Next(3) == 0 ? TrainedSet.Everything : TrainedSet.PromptsAndHead);
    }

    /// <summary>Prompts elsewhere than in the sequence; of borders the least with which windows fill every grid.</summary>
    private static PromptSpec DrawPlaced(Random random, SwinSpec backbone, int seed)
    {
        return (seed % 3) switch
        {
            0 => new AddedPromptSpec(random.Next(2) == 0, Enumerable.Range(0, backbone.Layers).ToEquatableArray()),
            1 => new ChannelPromptSpec(random.Next(1, 3)),
            _ => new PadPromptSpec(Enumerable.Range(1, 4 * backbone.Image.Height).First(Fits), PixelStart.Normal),
        };

        bool Fits(int pixels) => backbone.CannotCut(backbone.Image.Bordered(pixels)) is null;
    }

    /// <summary>Draws from a stream of its own, so that the other draws of a seed stay as they were.</summary>
    private static TrainedSet DrawTrained(Random random, int layers) => random.Next(4) > 0
        ? TrainedSet.PromptsAndHead
        : new(
            LastLayers: random.Next(2) == 0 ? random.Next(1, layers + 1) : 0,
            Biases: random.Next(2) == 0,
            ClassToken: random.Next(3) == 0);

    /// <summary>Every fourth head is for images of several classes.</summary>
    private static ClassifierHeadSpec DrawHead(int classes, int seed) =>
        DrawLayers(classes, seed) with { MultiLabel = new Random(seed + 4000).Next(4) == 0 };

    /// <summary>Every third head has hidden layers.</summary>
    private static ClassifierHeadSpec DrawLayers(int classes, int seed)
    {
        var random = new Random(seed + 2000);
        return random.Next(3) > 0
            ? new(classes)
            : new(classes)
            {
                HiddenLayers = random.Next(1, 3),
                FrozenStatistics = random.Next(3) == 0,
                Dropout = random.Next(2) == 0 ? 0.25 : 0,
            };
    }

    /// <summary>
    /// Every fourth model drops some of its prompts; every fifth leaves them as they are drawn. Layers of several widths cannot share them.
    /// </summary>
    private static TokenPromptSpec? DrawPrompts(Random random, int layers, int seed)
    {
        int[] all = Enumerable.Range(0, layers).ToArray();
        int[] prompted = random.Next(5) switch
        {
            0 => [],
            1 => [0],
            2 => all,
            _ => all.Where(_ => random.Next(2) == 0).ToArray(),
        };
        PromptFlow flow = random.Next(2) == 0 ? PromptFlow.Carry : PromptFlow.Drop;
        var own = new Random(seed + 3000);
        return prompted.Length == 0 ? null : new(Tokens: random.Next(1, 5), prompted.ToEquatableArray(), flow)
        {
            Dropout = own.Next(4) == 0 ? 0.3 : 0,
            Trained = own.Next(5) > 0,
            Shared = seed < FirstInWindows && prompted.Length > 1 && own.Next(4) == 0,
        };
    }
}
