using VptDsl.Compiler.Common;
using VptDsl.Compiler.Spec;

namespace VptDsl.Testing.Declarations;

/// <summary>Tiny declarations drawn from a seed: every size, prompt scheme and trained set that the language has.</summary>
internal static class RandomDeclarations
{
    /// <summary>The same seed always gives the same declaration.</summary>
    public static ModelSpec Draw(int seed)
    {
        var random = new Random(seed);
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
            DrawPrompts(random, layers),
            new(Classes: random.Next(2, 6)),
            random.Next(3) == 0 ? TrainedSet.Everything : DrawTrained(new Random(seed + 1000), layers));
    }

    /// <summary>Draws from a stream of its own, so that the other draws of a seed stay as they were.</summary>
    private static TrainedSet DrawTrained(Random random, int layers) => random.Next(4) > 0
        ? TrainedSet.PromptsAndHead
        : new(
            LastLayers: random.Next(2) == 0 ? random.Next(1, layers + 1) : 0,
            Biases: random.Next(2) == 0,
            ClassToken: random.Next(3) == 0);

    private static TokenPromptSpec? DrawPrompts(Random random, int layers)
    {
        int[] all = Enumerable.Range(0, layers).ToArray();
        int[] prompted = random.Next(5) switch
        {
            0 => [],
            1 => [0],
            2 => all,
            _ => all.Where(_ => random.Next(2) == 0).ToArray(),
        };
        Compiler.Spec.PromptFlow flow = random.Next(2) == 0 ? Compiler.Spec.PromptFlow.Carry : Compiler.Spec.PromptFlow.Drop;
        return prompted.Length == 0 ? null : new(Tokens: random.Next(1, 5), prompted.ToEquatableArray(), flow);
    }
}
