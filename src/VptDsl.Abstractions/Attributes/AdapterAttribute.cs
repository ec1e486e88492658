namespace VptDsl;

/// <summary>
/// Puts a bottleneck after the MLP of each layer, inside the residual branch: x + up(GELU(down(x))). The adapters and the head are
/// trained: the paper's "Adapter".
/// </summary>
/// <remarks>
/// Trains <c>blocks.{layer}.adapter.{down,up}.{weight,bias}</c>. Down is drawn at random and up is 0, so that training starts from the
/// backbone as it is. (The paper's public code starts both at 0; then neither ever learns.)
/// </remarks>
/// <example><code>[Adapter(Reduction = 8)]</code></example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class AdapterAttribute : Attribute
{
    /// <summary>
    /// How many times narrower than the tokens the bottleneck is, rounded down; 8 unless stated. The paper tries 8, 64 and 256.
    /// </summary>
    public int Reduction { get; set; } = 8;
}
