using VptDsl.Data;

namespace VptDsl.Training.Mixing;

/// <summary>Mixes the images of a batch in pairs.</summary>
/// <remarks>What a step draws depends on the seed, the epoch and the step alone.</remarks>
internal sealed class BatchMixer(Mixup mixup, long seed, ImageShape shape)
{
    private const long Purpose = 0x6D6978757073;

    /// <summary>What a step does.</summary>
    /// <param name="epoch">From 0.</param>
    /// <param name="step">Within the epoch, from 0.</param>
    public DrawnMix Draw(int epoch, int step)
    {
        var random = new RandomStream(seed, Purpose, epoch, step);
        if (random.NextDouble() >= mixup.Probability)
            return default;
        bool hasBoth = mixup.Alpha > 0 && mixup.CutmixAlpha > 0;
        bool cuts = hasBoth ? random.NextDouble() < mixup.CutmixProbability : mixup.CutmixAlpha > 0;
        double share = 1 - BetaDistribution.Draw(cuts ? mixup.CutmixAlpha : mixup.Alpha, ref random);
        if (!cuts)
            return new(share, Box: null);
        int y = random.NextInt(shape.Height);
        CutmixBox box = CutmixBox.Around(shape.Height, shape.Width, share, y, random.NextInt(shape.Width));
        return new(box.Area / (double)shape.PlaneFloats, box);
    }

    /// <summary>Mixes images with those at the mirrored places, in place.</summary>
    /// <param name="images">[batch, channels, height, width].</param>
    /// <param name="mix">How.</param>
    public void Mix(Span<float> images, DrawnMix mix)
    {
        if (mix.OtherShare == 0)
            return;
        int floats = shape.Floats, batch = images.Length / floats;
        for (int first = 0, last = batch - 1; first < last; first++, last--)
        {
            Span<float> one = images.Slice(first * floats, floats), other = images.Slice(last * floats, floats);
            if (mix.Box is { } box)
                Swap(one, other, box);
            else
                Blend(one, other, (float)mix.OtherShare);
        }
    }

    private static void Blend(Span<float> one, Span<float> other, float share)
    {
        float kept = 1 - share;
        for (int i = 0; i < one.Length; i++)
            (one[i], other[i]) = ((kept * one[i]) + (share * other[i]), (kept * other[i]) + (share * one[i]));
    }

    private void Swap(Span<float> one, Span<float> other, CutmixBox box)
    {
        for (int channel = 0; channel < shape.Channels; channel++)
        {
            for (int y = box.Top; y < box.Bottom; y++)
            {
                int place = (channel * shape.PlaneFloats) + (y * shape.Width) + box.Left;
                Span<float> row = one.Slice(place, box.Right - box.Left), otherRow = other.Slice(place, row.Length);
                for (int x = 0; x < row.Length; x++)
                    (row[x], otherRow[x]) = (otherRow[x], row[x]);
            }
        }
    }
}
