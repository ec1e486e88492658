using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Spec;
using VptDsl.Data;
using VptDsl.Programs;
using VptDsl.Tool.Models;
using VptDsl.Training;
using Evaluation = VptDsl.Testing.Interpretation.Evaluation;
using GraphAttention = VptDsl.Compiler.Graph.Operations.Attention;

namespace VptDsl.Tests.Training;

/// <summary>
/// What is shown of the attention of each family of vision transformers, with tokens of its own, rotary and relative positions, norms and
/// pools, is that of its definition: the interpreter's, of the graph that nothing was removed from. Whoever has none is told why.
/// </summary>
public sealed class AttentionFamilyTests
{
    private const int Patches = 12, Prompts = 3, Layers = 3, Heads = 3, Width = 24;

    private const string Sizes = "Width = 24, Layers = 3, Heads = 3, ImageHeight = 12, ImageWidth = 16, Patch = 4, Channels = 1";

    private static readonly VitSpec Plain = new(new(12, 16), 1, 4, Width, Layers, Heads, Mlp: 96);

    private static readonly IReadOnlyDictionary<string, VitSpec> Families = new Dictionary<string, VitSpec>
    {
        ["DeiT(DeiTSize.Tiny, {0}, DistillationToken = true)"] = Plain with { HasDistillationToken = true },
        ["DinoV2(DinoV2Size.Small, {0}, Registers = 4)"] =
            Plain with { Registers = 4, LayerScale = true, Positions = PositionEmbedding.LearnedOnPatches },
        ["DinoV3(DinoV3Size.Small, {0})"] = Plain with
        {
            Registers = 4,
            LayerScale = true,
            Positions = PositionEmbedding.None,
            Rotary = RotaryEmbedding.Halves,
            AttentionBias = AttentionBias.None,
            Epsilon = 1e-5,
        },
        ["Eva02(Eva02Size.Base, {0}, Mlp = 96)"] = Plain with
        {
            Rotary = RotaryEmbedding.Pairs,
            RotaryGrid = 16,
            AttentionBias = AttentionBias.QueryAndValue,
            MlpForm = MlpForm.GatedAndNormalized,
            Pool = TokenPool.ImageTokens,
            FinalNorm = FinalNorm.AfterPool,
        },
        ["Beit(BeitSize.Base, {0})"] = Plain with
        {
            Positions = PositionEmbedding.None,
            RelativeBias = true,
            AttentionBias = AttentionBias.QueryAndValue,
            LayerScale = true,
            Pool = TokenPool.ImageTokens,
            FinalNorm = FinalNorm.AfterPool,
        },
        ["SigLip(SigLipSize.Base, {0})"] =
            Plain with { HasClassToken = false, Activation = ActivationKind.GeluTanh, Pool = TokenPool.Attention },
        ["Clip(ClipSize.Base, {0})"] = Plain with { PreNorm = true, Epsilon = 1e-5, Activation = ActivationKind.QuickGelu },
        ["Vit({0}, QueryKeyNorm = true)"] = Plain with { QueryKeyNorm = true },
        ["Vit({0}, Registers = 2, Pool = TokenPool.AllButClass)"] = Plain with { Registers = 2, Pool = TokenPool.AllButClass },
        ["Vit({0}, Pool = TokenPool.All)"] = Plain with { Pool = TokenPool.All },
        ["Vit({0}, Pool = TokenPool.Prompts)"] = Plain with { Pool = TokenPool.Prompts },
    };

    public static TheoryData<string, string, int> Models
    {
        get
        {
            var data = new TheoryData<string, string, int>();
            foreach (string family in Families.Keys)
            {
                data.Add(family, "Deep", Prompts);
                data.Add(family, "Shallow", Prompts);
            }

            // As many prompts as patches, as all tokens, and as the tokens that the head reads.
            data.Add("Vit({0}, QueryKeyNorm = true)", "Shallow", Patches);
            data.Add("Vit({0}, QueryKeyNorm = true)", "Shallow", 1 + Patches);
            data.Add("Vit({0}, QueryKeyNorm = true)", "Deep", 1);
            data.Add("Vit({0}, Pool = TokenPool.All)", "Deep", 1 + Patches);
            data.Add("Vit({0}, Pool = TokenPool.Prompts)", "Shallow", 1 + Patches);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Attention_is_that_of_the_familys_definition(string family, string prompts, int tokens)
    {
        VitSpec vit = Families[family];
        EquatableArray<int> layers = Enumerable.Range(0, prompts == "Deep" ? Layers : 1).ToEquatableArray();
        var spec = new ModelSpec(
            new("Drawn", "Tuner", "public"), vit, new TokenPromptSpec(tokens, layers, PromptFlow.Carry), new ClassifierHeadSpec(4),
            TrainedSet.PromptsAndHead);
        using Device device = Device.Cpu(2);
        using Tuner tuner = Create(
            device, $"[{string.Format(family, Sizes)}] [{prompts}Prompt(Tokens = {tokens})] [LinearHead(Classes = 4)]");
        Assert.Equal(spec.Identity, tuner.Model.Declaration);
        float[] image = Draw(tuner);

        AttentionMaps maps = tuner.AttentionTo(image);

        Node[][] ofLayers = Attentions(spec, out DataflowGraph graph);
        Evaluation evaluation = DefinedAttention.Evaluate(graph, tuner, image);
        double[] output = DefinedAttention.Mean(
            ReadRows(vit, ofLayers).Select(row => DefinedAttention.Weights(evaluation, row.Node, row.Query)));
        int image0 = vit.Pool == TokenPool.Attention ? 0 : vit.PrefixTokens;
        DefinedAttention.Close(output[image0..(image0 + Patches)], maps.OfOutput);
        DefinedAttention.Close(output[(image0 + Patches)..], maps.OnPrompts);
        Assert.Equal(vit.Pool == TokenPool.Attention ? 0 : tokens, maps.OnPrompts.Length);
        // Of a class token alone the last layer computes nothing else, and of prompts alone no patch.
        int ofPatches = vit.Pool is TokenPool.ClassToken or TokenPool.Prompts ? Layers - 2 : Layers - 1;
        double[][] patches =
        [
            .. Enumerable.Range(vit.PrefixTokens, Patches)
                .Select(row => DefinedAttention.Weights(evaluation, ofLayers[ofPatches][0], row)),
        ];
        Assert.Equal(tokens, maps.ByPrompt.Length);
        for (int prompt = 0; prompt < tokens; prompt++)
            DefinedAttention.Close([.. patches.Select(row => row[vit.PrefixTokens + Patches + prompt])], maps.ByPrompt[prompt]);
        Assert.Equal(new PlaneSize(3, 4), maps.Grid);
    }

    [Theory]
    [InlineData("[Swin(Image = 32, Patch = 4, Width = 12, Depths = \"2,2\", Heads = \"2,4\", Window = 4)]", "attends within windows alone")]
    [InlineData("[ConvNeXt(ConvNeXtSize.Tiny, Image = 32)]", "is a convolutional network, without attention")]
    [InlineData("[ResNet(ResNetSize.Layers18, Image = 32)]", "is a convolutional network, without attention")]
    [InlineData("[Vit(" + Sizes + ")] [PadPrompt(Pixels = 4, Start = PixelStart.Normal)]", "sees learned pixels around the image")]
    public void Who_has_no_attention_over_the_image_is_told_why(string declaration, string reason)
    {
        using Device device = Device.Cpu(2);
        using Tuner tuner = Create(device, $"{declaration} [LinearHead(Classes = 4)]");

        string message = Assert.Throws<ArgumentException>(() => tuner.AttentionTo(new float[tuner.Model.ImageFloats])).Message;

        Assert.StartsWith($"{tuner.Model.Name} {reason}", message, StringComparison.Ordinal);
        Assert.EndsWith("attention is shown of vision transformers, whose patches attend to each other over the whole image.", message);
    }

    private static Tuner Create(Device device, string declaration)
    {
        Type type = ModelCompilation.Compile(ModelDeclaration.Parse(declaration), ModelParts.None);
        return (Tuner)type.GetMethod("Create")!.Invoke(null, [device, 1])!;
    }

    /// <summary>Draws every parameter, so that none has no part in the result, and an image.</summary>
    private static float[] Draw(Tuner tuner)
    {
        var random = new RandomStream(7);
        foreach (ParameterDescription parameter in tuner.Model.Parameters)
        {
            float[] values = new float[parameter.Count];
            foreach (ref float value in values.AsSpan())
                value = 0.3f * random.NextNormal();
            tuner.Compiled.Write(ProgramParameters.SlotOf(parameter), values);
        }

        float[] image = new float[tuner.Model.ImageFloats];
        foreach (ref float pixel in image.AsSpan())
            pixel = random.NextNormal();
        return image;
    }

    /// <summary>The calls of each layer, of the image's tokens and then of prompts, and at the end that of a pool.</summary>
    private static Node[][] Attentions(ModelSpec spec, out DataflowGraph graph)
    {
        graph = ClassifierGraph.Build(spec).Graph;
        Node[] all = [.. graph.Nodes.Where(node => node.Operation is GraphAttention)];
        int[] firsts = [.. Enumerable.Range(0, all.Length).Where(i => i == 0 || all[i].Inputs[1] != all[i - 1].Inputs[1])];
        return [.. firsts.Select((first, i) => all[first..(i + 1 < firsts.Length ? firsts[i + 1] : all.Length)])];
    }

    /// <summary>The queries that the result is read from.</summary>
    private static IEnumerable<(Node Node, int Query)> ReadRows(VitSpec vit, Node[][] layers)
    {
        Node[] last = layers[^1];
        IEnumerable<(Node, int)> ofImage = Enumerable.Range(0, vit.PrefixTokens + Patches).Select(row => (last[0], row));
        IEnumerable<(Node, int)> ofPrompts = last.Length < 2
            ? []
            : Enumerable.Range(0, last[1].Inputs[0].Shape.Rows).Select(row => (last[1], row));
        return vit.Pool switch
        {
            TokenPool.ClassToken or TokenPool.Attention => ofImage.Take(1),
            TokenPool.ImageTokens => ofImage.Skip(vit.PrefixTokens),
            TokenPool.AllButClass => [.. ofImage.Skip(1), .. ofPrompts],
            TokenPool.All => [.. ofImage, .. ofPrompts],
            TokenPool.Prompts => ofPrompts,
            _ => throw new ArgumentOutOfRangeException(nameof(vit), vit.Pool, "No rule."),
        };
    }
}
