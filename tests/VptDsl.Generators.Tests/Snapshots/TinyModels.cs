namespace VptDsl.Generators.Tests.Snapshots;

/// <summary>Declarations as users write them, so small that what is generated from them can be read.</summary>
internal static class TinyModels
{
    public const string Linear = Head + "public sealed partial class LinearTuner;\n";

    public const string Shallow = "[ShallowPrompt(Tokens = 2)]\n" + Head + "public sealed partial class ShallowTuner;\n";

    public const string Deep = "[DeepPrompt(Tokens = 2)]\n" + Head + "public sealed partial class DeepTuner;\n";

    public const string CustomDepth =
        "[DeepPrompt(Tokens = 2, Layers = \"2..3\", After = PromptFlow.Drop)]\n" + Head + "public sealed partial class CustomDepthTuner;\n";

    public const string Everything = "[TrainEverything]\n" + Head + "public sealed partial class EverythingTuner;\n";

    public const string Recomputed = "[DeepPrompt(Tokens = 2)]\n[Recompute]\n" + Head + "public sealed partial class RecomputedTuner;\n";

    /// <summary>A backbone of today: registers, rotary positions, gated MLPs, layer scale; prompts and low-rank updates together.</summary>
    public const string Later = """
        [Vit(
            Image = 4, Channels = 1, Patch = 2, Width = 8, Layers = 2, Heads = 2, Mlp = 8, Registers = 2, LayerScale = true,
            Positions = PositionEmbedding.None, Rotary = RotaryEmbedding.Halves,
            AttentionBias = AttentionBias.None, MlpForm = MlpForm.Gated)]
        [DeepPrompt(Tokens = 2)]
        [LoRA(Rank = 2, Alpha = 4)]
        [LinearHead(Classes = 3)]
        public sealed partial class LaterTuner;

        """;

    public const string KeyValue = Head + """
        public sealed partial class KeyValueTuner
        {
            [PromptMethod]
            internal static void Prompt(VptDsl.Prompts.PromptedLayer layer) =>
                layer.RunAttention(layer.Parameter("keys", rows: 2), layer.Parameter("values", rows: 2));
        }

        """;

    public const string Inherited = """
        [Vit(Image = 4, Channels = 1, Patch = 2, Width = 4, Layers = 6, Heads = 2, Mlp = 8)]
        public abstract partial class Study;

        [DeepPrompt(Tokens = 2)]
        [LinearHead(Classes = 3)]
        public sealed partial class InheritedTuner : Study;

        """;

    private const string Head = """
        [Vit(Image = 4, Channels = 1, Patch = 2, Width = 4, Layers = 6, Heads = 2, Mlp = 8)]
        [LinearHead(Classes = 3)]

        """;

    /// <summary>Every declaration.</summary>
    public static IReadOnlyList<string> All { get; } =
        [Linear, Shallow, Deep, CustomDepth, Everything, Recomputed, KeyValue, Inherited, Later];

    /// <summary>A source file with one of the declarations.</summary>
    public static string File(string declaration) => "using VptDsl;\n\nnamespace Models;\n\n" + declaration;
}
