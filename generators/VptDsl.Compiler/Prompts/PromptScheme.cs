using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Prompts;

/// <summary>Where prompts enter a backbone. It asks at those of these places that it has, and knows nothing else of prompts.</summary>
internal abstract class PromptScheme
{
    /// <summary>No prompts: the backbone as it is.</summary>
    public static readonly PromptScheme None = new NoPrompts();

    /// <summary>The images of the batch and the size that they have.</summary>
    public virtual (Value Images, PlaneSize Size) Images(GraphBuilder graph, ParameterFactory parameters, BackboneSpec backbone) =>
        (graph.Images(backbone.Channels, backbone.Image), backbone.Image);

    /// <summary>
    /// What the backbone's first convolution makes of an image, [batch, patches, width], before anything else happens to it.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="map">What it makes of the colours.</param>
    /// <param name="scaled">What becomes of a weight of this convolution before it is used; null where nothing does.</param>
    public virtual Value Embedded(GraphBuilder graph, Value map, Func<Value, string, Value>? scaled = null) => map;

    /// <summary>The sequence before the first layer; the patch embedding takes a matrix of patches to a matrix of tokens.</summary>
    public virtual TokenSequence Enter(GraphBuilder graph, TokenSequence tokens, Func<Value, string, Value> patchEmbedding) => tokens;

    /// <summary>The sequence that a layer gets.</summary>
    public virtual TokenSequence BeforeLayer(GraphBuilder graph, int layer, TokenSequence tokens) => tokens;

    /// <summary>A layer from the sequence before it to the sequence after it.</summary>
    public virtual TokenSequence RunLayer(GraphBuilder graph, int layer, TokenSequence tokens, IPromptedBlock block) =>
        block.RunMlp(block.Attend(BeforeLayer(graph, layer, tokens), []));

    private sealed class NoPrompts : PromptScheme;
}
