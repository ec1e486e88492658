using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Spec;
using VptDsl.Data;
using VptDsl.Tests.Tool;
using VptDsl.Tool.Models;
using VptDsl.Training;
using Evaluation = VptDsl.Testing.Interpretation.Evaluation;
using GraphAttention = VptDsl.Compiler.Graph.Operations.Attention;

namespace VptDsl.Tests.Training;

/// <summary>
/// What is shown of a model's attention is the attention of its definition: the interpreter's softmax of the graph that nothing was removed
/// from, in double precision.
/// </summary>
public sealed class AttentionMapsTests
{
    private const string Backbone = "[Vit(Width = 128, Layers = 6, Heads = 4, Patch = 4, Image = 28, Channels = 1)]";

    private const int Patches = 49, Tokens = 3, Heads = 4, Width = 128;

    private static readonly VitSpec Vit = new(Image: 28, Channels: 1, Patch: 4, Width, Layers: 6, Heads, Mlp: 512);

    [Theory]
    [InlineData("[DeepPrompt(Tokens = 3)]", "0,1,2,3,4,5")]
    [InlineData("[ShallowPrompt(Tokens = 3)]", "0")]
    [InlineData("", "")]
    public void Attention_is_that_of_the_definition(string prompts, string layers)
    {
        using Device device = Device.Cpu(2);
        using Tuner tuner = CompiledModel.Of(ModelDeclaration.Parse($"{Backbone} {prompts} [LinearHead(Classes = 4)]"))
            .Load(device, VptProcess.Backbone, entry: null, seed: 3);
        float[] image = new float[28 * 28];
        var random = new RandomStream(5);
        foreach (ref float pixel in image.AsSpan())
            pixel = random.NextNormal();
        float[] before = tuner.Predict(image);

        AttentionMaps maps = tuner.AttentionTo(image);

        int[] prompted = [.. layers.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
        var spec = new ModelSpec(
            new("Drawn", "Tuner", "public"), Vit,
            prompted.Length == 0 ? null : new TokenPromptSpec(Tokens, prompted.ToEquatableArray(), PromptFlow.Carry),
            new ClassifierHeadSpec(4), TrainedSet.PromptsAndHead);
        DataflowGraph graph = ClassifierGraph.Build(spec).Graph;
        Evaluation evaluation = DefinedAttention.Evaluate(graph, tuner, image);
        Node[] ofTokens = [.. graph.Nodes.Where(n => n.Operation is GraphAttention && n.Inputs[0].Shape.Rows == 1 + Patches)];

        double[] output = DefinedAttention.Weights(evaluation, ofTokens[^1], query: 0);
        DefinedAttention.Close(output[1..(1 + Patches)], maps.OfOutput);
        DefinedAttention.Close(output[(1 + Patches)..], maps.OnPrompts);
        Assert.Equal(prompted.Length == 0 ? 0 : Tokens, maps.OnPrompts.Length);
        // Of the last layer only the class token is computed, so that patches look at prompts in the one before.
        double[][] patches = [.. Enumerable.Range(1, Patches).Select(patch => DefinedAttention.Weights(evaluation, ofTokens[^2], patch))];
        Assert.Equal(maps.OnPrompts.Length, maps.ByPrompt.Length);
        for (int prompt = 0; prompt < maps.ByPrompt.Length; prompt++)
            DefinedAttention.Close([.. patches.Select(row => row[1 + Patches + prompt])], maps.ByPrompt[prompt]);
        Assert.Equal(new PlaneSize(7, 7), maps.Grid);
        Assert.Equal(before, tuner.Predict(image));
    }
}
