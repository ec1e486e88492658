namespace VptDsl.Data.Pixels;

/// <summary>Tells the type of a file by its first bytes, for names often say another.</summary>
internal static class FileSignature
{
    /// <summary>The bytes that are looked at.</summary>
    public const int Length = 32;

    /// <summary>Whether a file begins as images begin that are read.</summary>
    public static bool IsReadable(ReadOnlySpan<byte> start) =>
        start is [0xFF, 0xD8, 0xFF, ..]
            or [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..]
            or [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..]
            or [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..]
            or [(byte)'B', (byte)'M', _, _, _, _, 0, 0, 0, 0, ..];

    /// <summary>What a file is that no decoder here reads, with its article; null if it is nothing known.</summary>
    public static string? OtherTypeOf(ReadOnlySpan<byte> start) => start switch
    {
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] => ContainerOf(start[8..]),
        [(byte)'I', (byte)'I', 42 or 43, 0, ..] or [(byte)'M', (byte)'M', 0, 42 or 43, ..] => "a TIFF image (or a camera's raw file)",
        [0xFF, 0x0A, ..] or [0, 0, 0, 12, (byte)'J', (byte)'X', (byte)'L', (byte)' ', ..] => "a JPEG XL image",
        [0xFF, 0x4F, 0xFF, 0x51, ..] or [0, 0, 0, 12, (byte)'j', (byte)'P', (byte)' ', (byte)' ', ..] => "a JPEG 2000 image",
        [(byte)'8', (byte)'B', (byte)'P', (byte)'S', ..] => "a Photoshop file",
        [(byte)'%', (byte)'P', (byte)'D', (byte)'F', ..] => "a PDF document",
        [(byte)'P', >= (byte)'1' and <= (byte)'7', (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t', ..] => "a PNM image",
        [(byte)'P', (byte)'K', 3, 4, ..] or [0x1F, 0x8B, ..] => "a compressed archive",
        _ => null,
    };

    private static string ContainerOf(ReadOnlySpan<byte> brands)
    {
        if (brands.StartsWith("avif"u8) || brands.StartsWith("avis"u8))
            return "an AVIF image";
        ReadOnlySpan<byte> brand = brands[..Math.Min(4, brands.Length)];
        if (brand.SequenceEqual("mif1"u8) || brand.SequenceEqual("msf1"u8))
            return brands.IndexOf("avif"u8) > 0 ? "an AVIF image" : "a HEIC image";
        return brand.StartsWith("he"u8) ? "a HEIC image" : "a video or another file of the MP4 family";
    }
}
