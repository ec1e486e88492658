using VptDsl.Compiler.Common;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Tests.Passes;

/// <summary>A small vision transformer of one of the later families after the passes, and questions about what is left of it.</summary>
/// <remarks>Segments are told apart by their rows: 4 to 9 tokens of an image, 11 prompts.</remarks>
internal sealed class PrunedFamily : PrunedProgram
{
    public const int Layers = 3, PromptTokens = 11;

    private static readonly Dictionary<string, (AttributeKind Kind, int Size, (string Name, int Value)[] Arguments)> Families = new()
    {
        ["DINOv2 with registers"] = (AttributeKind.DinoV2, (int)DinoV2Size.Small, [("Registers", 4)]),
        ["DINOv3"] = (AttributeKind.DinoV3, (int)DinoV3Size.Small, []),
        ["DINOv3 with gates"] = (AttributeKind.DinoV3, (int)DinoV3Size.SmallPlus, []),
        ["SigLIP"] = (AttributeKind.SigLip, (int)SigLipSize.Base, []),
        ["EVA-02"] = (AttributeKind.Eva02, (int)Eva02Size.Base, []),
        ["CLIP"] = (AttributeKind.Clip, (int)ClipSize.Base, []),
        ["BEiT"] = (AttributeKind.Beit, (int)BeitSize.Base, []),
    };

    public PrunedFamily(ModelSpec spec)
        : base(spec) => Vit = (VitSpec)spec.Backbone;

    public static TheoryData<string> Names => [.. Families.Keys];

    public static int[] AllLayers => [.. Enumerable.Range(0, Layers)];

    public VitSpec Vit { get; }

    /// <summary>The tokens of an image: of its own, and patches.</summary>
    public int Tokens => Vit.PrefixTokens + Vit.Patches;

    /// <summary>The tokens of the last layer that anything reads.</summary>
    public int TokensRead => Vit.Pool == TokenPool.ClassToken ? 1 : Vit.Patches;

    public static PrunedFamily Prompted(string name, params int[] layers) => new(Declare(name, layers));

    /// <summary>A family by its attribute, with every size small.</summary>
    public static ModelSpec Declare(string name, params int[] promptedLayers)
    {
        (AttributeKind kind, int size, (string, int)[] arguments) = Families[name];
        int patch = kind is AttributeKind.DinoV2 or AttributeKind.Eva02 ? 14 : 16;
        (string Name, int Value)[] written =
        [
            ("Size", size), ("Width", 24), ("Heads", 3), ("Layers", Layers), ("Mlp", 20), ("Image", 2 * patch), .. arguments,
        ];
        var problems = new List<Problem>();
        VitSpec? vit = VitRules.Resolve(
            new(kind, written.Select(a => new DeclaredArgument(a.Name, a.Value, null)).ToEquatableArray()), problems);
        Assert.Empty(problems);
        return new(
            new("Pruned", "Family", "public"),
            vit!,
            promptedLayers.Length == 0 ? null : new TokenPromptSpec(PromptTokens, promptedLayers.ToEquatableArray(), PromptFlow.Carry),
            new ClassifierHeadSpec(Classes: 3),
            TrainedSet.PromptsAndHead);
    }

    /// <summary>What a layer computes forwards, or the head where there is none of this number.</summary>
    public IEnumerable<Node> InLayer(int layer) => Forward.Nodes.Where(n =>
        n.Operation is not ReadParameter && (layer < Layers ? n.Scope.Layer == layer : n.Scope.Part == "head"));
}
