using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Prompts;

/// <summary>
/// Learned channels beside the image's colours: the paper's ablation "concat-channel". The patch embedding of all channels together is
/// the sum of that of the colours and that of the learned channels, which depends on no image.
/// </summary>
internal sealed class ChannelPrompts(ChannelPromptSpec spec, VitSpec vit, ParameterFactory parameters) : PromptScheme
{
    public override Value Embedded(GraphBuilder graph, Value patches)
    {
        var initializer = new Initializer(Distribution.Uniform, PromptTable.Limit(vit.Patch, vit.Width));
        Parameter channels = parameters.Declare(
            "prompts.channels", ParameterKind.Prompt, initializer, vit.Patches, spec.Channels, vit.Patch, vit.Patch);
        Parameter weight = parameters.Declare(
            "prompts.embedding.weight", ParameterKind.Prompt, initializer, vit.Width, spec.Channels, vit.Patch, vit.Patch);
        Value embedded = graph.Multiply(
            ProductLayout.NT, graph.Read(channels.AsMatrix(vit.Patches)), graph.Read(weight.AsMatrix(vit.Width)), "embeddedChannels");
        return graph.Add(patches, embedded, "embeddedWithChannels");
    }
}
