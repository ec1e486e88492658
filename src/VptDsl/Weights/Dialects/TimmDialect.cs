using VptDsl.Programs;

namespace VptDsl.Weights.Dialects;

/// <summary>The names of pytorch-image-models, which are the canonical ones: every parameter is a tensor of its own name.</summary>
internal sealed class TimmDialect : IWeightDialect
{
    // The classifier; its second one in distilled models; the norm before it in models that pool; ImageNet-21k's extra layer;
    // the classifier of residual networks; the decoder of masked autoencoders, which fills in what it does not see, and their last
    // norm, which models that pool go without; the pool of models that are used without it.
    private static readonly string[] HeadPrefixes =
        ["head.", "head_dist.", "fc_norm.", "norm.", "pre_logits.", "decoder_", "mask_token", "fc.", "attn_pool."];

    // How many batches a batch normalisation has seen, and what a Swin transformer's code derives from its sizes.
    private static readonly string[] DerivedSuffixes = [".num_batches_tracked", ".relative_position_index", ".attn_mask"];

    /// <inheritdoc/>
    public string Name => "timm";

    /// <inheritdoc/>
    public IReadOnlyList<TensorPart> Parts(ParameterDescription parameter) => [new TensorPart(parameter.Name, parameter.Shape)];

    /// <inheritdoc/>
    public bool Ignores(string tensor) =>
        HeadPrefixes.Any(prefix => tensor.StartsWith(prefix, StringComparison.Ordinal))
        || DerivedSuffixes.Any(suffix => tensor.EndsWith(suffix, StringComparison.Ordinal));
}
