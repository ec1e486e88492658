namespace VptDsl;

/// <summary>
/// Sets a small network beside the frozen backbone and trains it with the head: the paper's "Sidetune". The head reads
/// σ(α) · features + (1 − σ(α)) · side, with a learned number α that starts at 0.
/// </summary>
/// <remarks>
/// <para>
/// The side network cuts the image into patches, sends each through two layers with GELU, and takes the mean of the patches through a
/// linear layer to the width of the features. (The paper's public code takes a pre-trained
/// AlexNet, 9.5 million parameters.) The last layer starts at 0, so that training starts from half of the features.
/// </para>
/// <para>
/// Trains <c>side.{embed,hidden}.{weight,bias}</c>, <c>side.output.weight</c> and <c>side.blend</c>. Works beside any backbone.
/// </para>
/// </remarks>
/// <example><code>[SideNetwork(Width = 64)]</code></example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class SideNetworkAttribute : Attribute
{
    /// <summary>The width of its two hidden layers; 64 unless stated.</summary>
    public int Width { get; set; } = 64;

    /// <summary>
    /// The side of its patches in pixels, a divisor of the image's; left out, the backbone's, or 16 beside a convolutional network.
    /// </summary>
    public int Patch { get; set; }
}
