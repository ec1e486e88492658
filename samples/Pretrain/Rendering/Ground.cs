using VptDsl.Data;

namespace Pretrain.Rendering;

/// <summary>What characters are painted on: mostly plain black; else grey, a gradient, stripes or blotches.</summary>
internal static class Ground
{
    private const float Plain = 0.6f, Brightest = 0.5f;

    /// <summary>Fills an image.</summary>
    /// <param name="image">[side, side], 0 to 1.</param>
    /// <param name="random">What is drawn from.</param>
    /// <returns>The brightest that the ground may be.</returns>
    public static float Fill(Span<float> image, ref RandomStream random)
    {
        image.Clear();
        if (random.Happens(Plain))
            return 0;
        float grey = random.Between(0, Brightest);
        image.Fill(grey);
        switch (random.NextInt(4))
        {
            case 1:
                AddWave(image, grey, period: 6 * Renderer.Side, ref random);
                break;
            case 2:
                AddWave(image, grey / 2, period: random.Between(3, 10), ref random);
                break;
            case 3:
                for (int i = 0; i < 3; i++)
                    AddWave(image, grey / 3, period: random.Between(7, Renderer.Side), ref random);
                break;
        }

        return Brightest;
    }

    private static void AddWave(Span<float> image, float height, float period, ref RandomStream random)
    {
        (float sine, float cosine) = MathF.SinCos(random.Between(0, MathF.Tau));
        (float across, float down, float phase) =
            (cosine * MathF.Tau / period, sine * MathF.Tau / period, random.Between(0, MathF.Tau));
        for (int i = 0; i < image.Length; i++)
            image[i] += height * MathF.Sin((across * (i % Renderer.Side)) + (down * (i / Renderer.Side)) + phase);
    }
}
