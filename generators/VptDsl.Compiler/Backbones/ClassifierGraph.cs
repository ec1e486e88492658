using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Prompts;
using VptDsl.Compiler.Spec;
using VptDsl.Compiler.Spec.OpenPrompts;
using VptDsl.Programs;

namespace VptDsl.Compiler.Backbones;

/// <summary>A whole model's forward pass: backbone with prompts, head, loss.</summary>
/// <param name="Graph">Delivers embedding, logits and losses.</param>
/// <param name="Parameters">In order of declaration.</param>
internal sealed record ClassifierGraph(DataflowGraph Graph, IReadOnlyList<Parameter> Parameters)
{
    /// <summary>The model in token segments.</summary>
    public static ClassifierGraph Build(ModelSpec spec) => Build(spec, joined: false);

    /// <summary>The model as an eager framework runs it, prompts and all in one sequence: the same function.</summary>
    public static ClassifierGraph BuildJoined(ModelSpec spec) => Build(spec, joined: true);

    private static ClassifierGraph Build(ModelSpec spec, bool joined)
    {
        var graph = new GraphBuilder();
        var parameters = new ParameterFactory((name, kind) => IsTrained(spec, name, kind));
        PromptScheme prompts = Scheme(spec.Prompts, spec.Backbone, parameters, joined);
        if (spec.Head is SegmentationHeadSpec segmentation)
            return BuildSegmentation(graph, parameters, spec, segmentation, prompts);
        Value features = spec.Backbone switch
        {
            VitSpec vit => VisionTransformer.Build(graph, parameters, vit, prompts, new(spec.Adapter, spec.LoRA)),
            SwinSpec swin => Swin.Build(graph, parameters, swin, prompts),
            ConvNeXtSpec convNeXt => ConvNeXt.Build(graph, parameters, convNeXt, prompts),
            ResNetSpec resNet => ResNet.Build(graph, parameters, resNet, prompts),
            _ => throw new ArgumentOutOfRangeException(nameof(spec), spec.Backbone, "This backbone has no builder."),
        };
        if (spec.Side is { } side)
            features = SideNetwork.Blend(graph, parameters, side, spec.Backbone, features);
        var head = (ClassifierHeadSpec)spec.Head;
        Value logits = ClassifierHead.Build(graph, parameters, head, features);
        Value losses = head.MultiLabel ? graph.BinaryCrossEntropy(logits) : graph.CrossEntropy(logits, graph.Labels());
        return new(
            graph.Build([new(ResultRole.Embedding, features), new(ResultRole.Logits, logits), new(ResultRole.Losses, losses)]),
            parameters.Parameters);
    }

    private static ClassifierGraph BuildSegmentation(
        GraphBuilder graph, ParameterFactory parameters, ModelSpec spec, SegmentationHeadSpec head, PromptScheme prompts)
    {
        if (spec.Backbone is not VitSpec vit)
            throw new ArgumentOutOfRangeException(nameof(spec), spec.Backbone, "This backbone has no maps of tokens.");
        Value[] maps = VisionTransformer.BuildMaps(
            graph, parameters, vit, prompts, new(spec.Adapter, spec.LoRA), SetrHead.LayersOf(head, vit.Layers));
        Value logits = new SetrHead(graph, parameters, head, vit).Build(maps);
        Node loss = graph.Add(
            new PixelCrossEntropy(head.Ignored), [logits, graph.Labels(head.LabelsPerImage(vit))], "losses", "correct", "counted");
        Result[] results =
        [
            new(ResultRole.Embedding, maps[maps.Length - 1]),
            new(ResultRole.Logits, logits),
            new(ResultRole.Losses, loss.Outputs[0]!),
            new(ResultRole.Correct, loss.Outputs[1]!),
        ];
        return new(graph.Build(results), parameters.Parameters);
    }

    private static bool IsTrained(ModelSpec spec, string parameter, ParameterKind kind) => kind switch
    {
        ParameterKind.Backbone =>
            spec.Trained.Includes(spec.Backbone, parameter) || spec.Prompts?.AlsoTrains(spec.Backbone, parameter) == true,
        ParameterKind.Prompt => spec.Prompts is not { Trained: false },
        _ => true,
    };

    private static PromptScheme Scheme(
        PromptSpec? prompts, BackboneSpec backbone, ParameterFactory parameters, bool joined) => (prompts, backbone) switch
        {
            (null, _) => PromptScheme.None,
            (PatchPromptSpec patches, VitSpec vit) when joined => new JoinedPatchPrompts(new(patches, vit, parameters), vit),
            (PatchPromptSpec patches, VitSpec vit) => new PatchPrompts(patches, vit, parameters),
            (OpenPromptSpec open, VitSpec vit) => new OpenPromptScheme(open, vit, parameters, joined),
            (AddedPromptSpec added, _) => new AddedPrompts(added, backbone.Stem, parameters),
            (ChannelPromptSpec channels, _) => new ChannelPrompts(channels, backbone, parameters),
            (PadPromptSpec pad, _) => new PaddedImages(pad),
            (TokenPromptSpec tokens, _) when joined =>
                new JoinedPrompts(tokens, backbone.PrefixTokens, new(tokens, backbone.Stem, parameters)),
            (TokenPromptSpec tokens, _) => new PrependedPrompts(tokens, new(tokens, backbone.Stem, parameters)),
            _ => throw new ArgumentOutOfRangeException(nameof(prompts), prompts, "These prompts have no scheme on this backbone."),
        };
}
