using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VptDsl.Data.Pixels;

namespace VptDsl.Tests.Data.Golden;

/// <summary>The files of this folder, which make_golden.py made with Pillow and torchvision.</summary>
internal static class GoldenFile
{
    public static string Path(string name) => System.IO.Path.Combine(Folder(), name);

    public static byte[] Bytes(string name) => File.ReadAllBytes(Path(name));

    public static float[] Floats(string name) => MemoryMarshal.Cast<byte, float>(Bytes(name)).ToArray();

    /// <summary>Pixels without their fourth byte, as the files hold them.</summary>
    public static byte[] Rgb(PixelImage image) => [.. image.Bytes.ToArray().Where((_, i) => i % PixelImage.PixelBytes != 3)];

    private static string Folder([CallerFilePath] string thisFile = "") => System.IO.Path.GetDirectoryName(thisFile)!;
}
