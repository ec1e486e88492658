namespace VptDsl.Training.Mixing;

/// <summary>How a step's images are mixed.</summary>
/// <param name="OtherShare">The share of the other image in the target: 1 − λ.</param>
/// <param name="Box">The part that cutmix takes from the other image; null for mixup.</param>
internal readonly record struct DrawnMix(double OtherShare, CutmixBox? Box);

/// <summary>A rectangle of an image, ends not included.</summary>
internal readonly record struct CutmixBox(int Top, int Bottom, int Left, int Right)
{
    /// <summary>The number of its pixels.</summary>
    public int Area => (Bottom - Top) * (Right - Left);

    /// <summary>The rectangle with a share of an image's pixels around a place, cut at the border: timm's <c>rand_bbox</c>.</summary>
    /// <param name="height">The image's.</param>
    /// <param name="width">The image's.</param>
    /// <param name="share">The share of the pixels before anything is cut: 1 − λ.</param>
    /// <param name="y">The middle's row.</param>
    /// <param name="x">The middle's column.</param>
    public static CutmixBox Around(int height, int width, double share, int y, int x)
    {
        double ratio = Math.Sqrt(share);
        int down = (int)(height * ratio) / 2, across = (int)(width * ratio) / 2;
        return new(Math.Max(0, y - down), Math.Min(height, y + down), Math.Max(0, x - across), Math.Min(width, x + across));
    }
}
