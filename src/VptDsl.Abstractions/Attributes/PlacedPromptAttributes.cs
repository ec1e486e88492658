namespace VptDsl;

/// <summary>
/// Prompts that are added to the tokens, class token included, instead of joining them: the paper's ablations "Add" and, with one
/// prompt for all tokens, <c>add-1</c>.
/// </summary>
/// <remarks>
/// Trains <c>prompts.{layer}</c> of shape <c>[1 + patches, width]</c>, or <c>[1, width]</c>, for each layer of <see cref="Layers"/>; a Swin
/// transformer has no class token, and patches and width are those of the layer's stage.
/// </remarks>
/// <example>
/// <code>
/// [AddedPrompt]                                     // before the first layer
/// [AddedPrompt(PerToken = false, Layers = "..")]    // before every layer, the same for all tokens
/// </code>
/// </example>
public sealed class AddedPromptAttribute : PromptAttribute
{
    /// <summary>Whether each token has a prompt of its own; true unless stated.</summary>
    public bool PerToken { get; set; } = true;

    /// <summary>
    /// The layers before which prompts are added, as in <see cref="DeepPromptAttribute.Layers"/>; the first unless stated.
    /// </summary>
    public string? Layers { get; set; }
}

/// <summary>
/// Prompts that are patches of learned pixels and go through the frozen patch embedding: the paper's ablation "Prepend-pixel".
/// They get no positions.
/// </summary>
/// <remarks>Trains <c>prompts.pixels</c> of shape <c>[tokens, channels, patch, patch]</c>.</remarks>
/// <example><code>[PixelPrompt(Tokens = 10)]</code></example>
public sealed class PixelPromptAttribute : PromptAttribute
{
    /// <summary>The number of patches, 50 unless stated; 0 means no prompts.</summary>
    public int Tokens { get; set; } = 50;

    /// <summary>What the pixels are drawn from; <see cref="PatchStart.Uniform"/> unless stated.</summary>
    public PatchStart Start { get; set; }
}

/// <summary>
/// Prompts that are learned channels beside the image's colours: the paper's ablation "Concat-channel". The backbone's first
/// convolution, which has to read them, is trained as well.
/// </summary>
/// <remarks>
/// Trains <c>prompts.channels</c> of shape <c>[patches, channels, patch, patch]</c>, or <c>[channels, image, image]</c> for a ResNet, their
/// part of the first convolution <c>prompts.embedding.weight</c> of shape <c>[width, channels, kernel, kernel]</c>, and the backbone's own
/// part, with the norm right after it: <c>patch_embed.*</c> of a transformer, <c>conv1.*</c> and <c>bn1.*</c> of a ResNet,
/// <c>downsample_layers.0.*</c> of a ConvNeXt.
/// </remarks>
/// <example><code>[ChannelPrompt(Channels = 2)]</code></example>
public sealed class ChannelPromptAttribute : PromptAttribute
{
    /// <summary>The number of learned channels; 1 unless stated.</summary>
    public int Channels { get; set; } = 1;
}

/// <summary>What the pixels of learned patches are drawn from.</summary>
public enum PatchStart
{
    /// <summary>Evenly from ±sqrt(6 / (3·patch² + width)); they stand for normalised colours as they are.</summary>
    Uniform,

    /// <summary>A standard normal distribution; they stand for normalised colours as they are.</summary>
    Normal,

    /// <summary>Evenly from 0 to 1; they are colours, and normalised by ImageNet's mean and deviation.</summary>
    Colours,
}
