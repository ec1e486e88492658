namespace VptDsl.Devices;

/// <summary>Which elements dropout takes away: the same on every device, for it is a hash of numbers that a step is given.</summary>
internal static class Chance
{
    private const long Bits32 = 0xFFFFFFFF;

    /// <summary>Whether an element of an image stays: a hash of all that is given, of 24 bits, reaches the threshold.</summary>
    /// <param name="first">The first of the noise's numbers.</param>
    /// <param name="second">The second.</param>
    /// <param name="image">The image's place in the batch.</param>
    /// <param name="element">The element's place in its matrix, row by row.</param>
    /// <param name="threshold">The share that is dropped, of 2²⁴.</param>
    public static bool Stays(float first, float second, int image, int element, int threshold)
    {
        long hash = Mix((long)first ^ (image * 0x1E3779B1L & Bits32));
        hash = Mix(hash ^ (long)second ^ (element * 0x05EBCA6BL & Bits32));
        return hash >> 8 >= threshold;
    }

    /// <summary>Every bit of the result depends on every bit of what is given, 32 bits both.</summary>
    /// <remarks>
    /// No product here overflows a long: OpenCL's signed arithmetic, which 32-bit numbers would get there, may do what it likes when it
    /// does.
    /// </remarks>
    private static long Mix(long bits)
    {
        bits ^= bits >> 15;
        bits = bits * 0x2C1B3C6DL & Bits32;
        bits ^= bits >> 12;
        bits = bits * 0x297A2D39L & Bits32;
        return bits ^ (bits >> 15);
    }
}
