namespace VptDsl.Data.Pixels;

/// <summary>Turns the hue of an image, to the bit as torchvision's <c>adjust_hue</c> does it with Pillow's HSV.</summary>
internal static class HueShift
{
    /// <summary>Turns the hue of every pixel, in place.</summary>
    /// <param name="image">The image.</param>
    /// <param name="turn">A share of the whole circle, from −0.5 to 0.5.</param>
    public static void Apply(PixelImage image, float turn)
    {
        byte shift = unchecked((byte)(int)(turn * 255.0));
        Span<byte> bytes = image.Bytes;
        for (int i = 0; i < bytes.Length; i += PixelImage.PixelBytes)
            Turn(bytes.Slice(i, 3), shift);
    }

    private static void Turn(Span<byte> color, byte shift)
    {
        byte red = color[0], green = color[1], blue = color[2];
        byte highest = Math.Max(red, Math.Max(green, blue)), lowest = Math.Min(red, Math.Min(green, blue));
        if (highest == lowest)
            return;
        float range = highest - lowest;
        byte saturation = (byte)((double)(range / highest) * 255.0);
        if (saturation == 0)
            color.Fill(highest);
        else
            Write(color, unchecked((byte)(HueOf(red, green, blue, highest, range) + shift)), saturation, highest);
    }

    /// <summary>The hue in 256ths of the circle, in the mixed precision that Pillow computes it in.</summary>
    private static byte HueOf(byte red, byte green, byte blue, byte highest, float range)
    {
        float fromRed = (highest - red) / range, fromGreen = (highest - green) / range, fromBlue = (highest - blue) / range;
        float sixths = red == highest ? fromBlue - fromGreen
            : green == highest ? (float)(2.0 + fromRed - fromBlue)
            : (float)(4.0 + fromGreen - fromRed);
        float hue = (float)(((sixths / 6.0) + 1.0) % 1.0);
        return (byte)(hue * 255.0);
    }

    private static void Write(Span<byte> color, byte hue, byte saturation, byte value)
    {
        double place = (float)hue * 6.0 / 255.0;
        int sector = (int)Math.Floor(place);
        float within = (float)(place - (float)sector), share = (float)(saturation / 255.0);
        byte low = Level(value * (1.0 - share));
        byte falling = Level(value * (1.0 - (share * within)));
        byte rising = Level(value * (1.0 - (share * (1.0 - within))));
        (color[0], color[1], color[2]) = (sector % 6) switch
        {
            0 => (value, rising, low),
            1 => (falling, value, low),
            2 => (low, value, rising),
            3 => (low, falling, value),
            4 => (rising, low, value),
            _ => (value, low, falling),
        };
    }

    private static byte Level(double level) => (byte)Math.Clamp(Math.Round(level, MidpointRounding.AwayFromZero), 0, 255);
}
