using static TorchSharp.torch;

namespace VptDsl.Benchmarks.Libtorch;

/// <summary>
/// Turns the patches' queries and keys by their places, each channel with the one half a head further on, as DINOv3 does.
/// </summary>
internal sealed class Rotary
{
    private const double LongestPeriod = 100;

    private readonly Tensor _cosine;
    private readonly Tensor _sine;

    /// <param name="side">The patches on a side of an image.</param>
    /// <param name="head">The width of a head: a quarter of it turns with the row, a quarter with the column, and so on again.</param>
    public Rotary(int side, int head)
    {
        Tensor periods = pow(LongestPeriod, arange(head / 4, dtype: ScalarType.Float64) / (head / 4.0));
        Tensor centres = ((arange(side, dtype: ScalarType.Float64) + 0.5) * (2.0 / side)) - 1;
        Tensor angles = 2 * Math.PI * centres.unsqueeze(1) / periods;
        Tensor rows = angles.repeat_interleave(side, 0), columns = angles.repeat(side, 1);
        Tensor all = cat([rows, columns, rows, columns], 1);
        (_cosine, _sine) = (all.cos().to(ScalarType.Float32), all.sin().to(ScalarType.Float32));
    }

    /// <summary>[batch, heads, tokens, head]; what stands before the patches stays.</summary>
    public Tensor Turn(Tensor x)
    {
        long patches = _cosine.shape[0], before = x.shape[2] - patches;
        Tensor placed = x.narrow(2, before, patches);
        Tensor[] halves = placed.chunk(2, -1);
        Tensor turned = (placed * _cosine) + (cat([-halves[1], halves[0]], -1) * _sine);
        return cat([x.narrow(2, 0, before), turned], 2);
    }
}
