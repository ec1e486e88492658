using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Prompts;
using VptDsl.Compiler.Spec;
using VptDsl.Compiler.Spec.OpenPrompts;

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
        if (spec.Head is SegmentationHeadSpec segmentation)
            return BuildSegmentation(graph, parameters, spec, segmentation, joined);
        Value features = spec.Backbone switch
        {
            VitSpec vit => VisionTransformer.Build(graph, parameters, vit, Scheme(spec.Prompts, vit, parameters, joined), spec.Adapter),
            SwinSpec swin => Swin.Build(graph, parameters, swin, TokenScheme(spec.Prompts, swin.Patch, swin.Width, 0, parameters, joined)),
            ConvNeXtSpec convNeXt => ConvNeXt.Build(graph, parameters, convNeXt, spec.Prompts),
            ResNetSpec resNet => ResNet.Build(graph, parameters, resNet, spec.Prompts),
            _ => throw new ArgumentOutOfRangeException(nameof(spec), spec.Backbone, "This backbone has no builder."),
        };
        if (spec.Side is { } side)
            features = SideNetwork.Blend(graph, parameters, side, spec.Backbone, features);
        Value logits = ClassifierHead.Build(graph, parameters, (ClassifierHeadSpec)spec.Head, features);
        Value losses = graph.CrossEntropy(logits, graph.Labels());
        return new(graph.Build([new(ResultRole.Embedding, features), new(ResultRole.Logits, logits), new(ResultRole.Losses, losses)]), parameters.Parameters);
    }

    private static ClassifierGraph BuildSegmentation(
        GraphBuilder graph, ParameterFactory parameters, ModelSpec spec, SegmentationHeadSpec head, bool joined)
    {
        if (spec.Backbone is not VitSpec vit)
            throw new ArgumentOutOfRangeException(nameof(spec), spec.Backbone, "This backbone has no maps of tokens.");
        Value[] maps = VisionTransformer.BuildMaps(
            graph, parameters, vit, Scheme(spec.Prompts, vit, parameters, joined), spec.Adapter, SetrHead.LayersOf(head, vit.Layers));
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
        ParameterKind.Backbone => spec.Trained.Includes(spec.Backbone, parameter) || spec.Prompts?.AlsoTrains(parameter) == true,
        ParameterKind.Prompt => spec.Prompts is not { Trained: false },
        _ => true,
    };

    private static PromptScheme Scheme(PromptSpec? prompts, VitSpec vit, ParameterFactory parameters, bool joined) => prompts switch
    {
        PatchPromptSpec patches when joined => new JoinedPatchPrompts(new(patches, vit, parameters), vit),
        PatchPromptSpec patches => new PatchPrompts(patches, vit, parameters),
        AddedPromptSpec added => new AddedPrompts(added, vit, parameters),
        ChannelPromptSpec channels => new ChannelPrompts(channels, vit, parameters),
        PadPromptSpec pad => new PaddedImages(pad),
        OpenPromptSpec open => new OpenPromptScheme(open, vit, parameters, joined),
        _ => TokenScheme(prompts, vit.Patch, vit.Width, 1, parameters, joined),
    };

    /// <summary>Prompts of a sequence in which so many tokens come before the patches.</summary>
    private static PromptScheme TokenScheme(PromptSpec? prompts, int patch, int width, int leading, ParameterFactory parameters, bool joined) => prompts switch
    {
        null => PromptScheme.None,
        TokenPromptSpec tokens when joined => new JoinedPrompts(tokens, leading, new(tokens, patch, width, parameters)),
        TokenPromptSpec tokens => new PrependedPrompts(tokens, new(tokens, patch, width, parameters)),
        _ => throw new ArgumentOutOfRangeException(nameof(prompts), prompts, "These prompts have no scheme on this backbone."),
    };
}
