using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace VptDsl.Tests.Weights;

/// <summary>safetensors files put together by hand, so that the reader is not tested against the writer alone.</summary>
internal static class RawSafetensors
{
    public static byte[] Build(string header, params byte[] data) => Build(Encoding.UTF8.GetBytes(header), data);

    public static byte[] Build(byte[] header, byte[] data)
    {
        byte[] length = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        return [.. length, .. header, .. data];
    }

    public static byte[] Floats(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    /// <summary>A file that comes with the tests.</summary>
    public static string Data(string name, [CallerFilePath] string thisFile = "") =>
        Path.Combine(Path.GetDirectoryName(thisFile)!, "Data", name);
}
