using VptDsl.Data;

namespace Pretrain.Rendering;

/// <summary>What taking a picture does to it: blur, noise, and now and then dark on bright instead of bright on dark.</summary>
internal static class Camera
{
    private const float Blurred = 0.4f, WidestBlur = 0.9f, Noisy = 0.3f, MostNoise = 0.12f, Inverted = 0.2f;

    /// <summary>Takes the picture.</summary>
    /// <param name="image">[side, side], 0 to 1.</param>
    /// <param name="random">What is drawn from.</param>
    public static void Take(Span<float> image, ref RandomStream random)
    {
        if (random.Happens(Blurred))
            Blur(image, random.Between(0.3f, WidestBlur));
        if (random.Happens(Noisy))
        {
            float noise = random.Between(0, MostNoise);
            foreach (ref float pixel in image)
                pixel += noise * random.NextNormal();
        }

        bool inverts = random.Happens(Inverted);
        foreach (ref float pixel in image)
            pixel = Math.Clamp(inverts ? 1 - pixel : pixel, 0, 1);
    }

    /// <summary>A Gaussian blur of three weights each way, which is near enough for less than a pixel.</summary>
    private static void Blur(Span<float> image, float deviation)
    {
        float side = MathF.Exp(-0.5f / (deviation * deviation));
        float middle = 1 / (1 + (2 * side));
        side *= middle;
        Span<float> copy = stackalloc float[image.Length];
        Blur(image, copy, step: 1, middle, side);
        Blur(copy, image, step: Renderer.Side, middle, side);
    }

    private static void Blur(ReadOnlySpan<float> from, Span<float> to, int step, float middle, float side)
    {
        for (int i = 0; i < from.Length; i++)
        {
            int place = i / step % Renderer.Side;
            float before = from[place > 0 ? i - step : i], after = from[place < Renderer.Side - 1 ? i + step : i];
            to[i] = (middle * from[i]) + (side * (before + after));
        }
    }
}
