using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace VptDsl.Common;

/// <summary>The SHA-256 of floats, little-endian.</summary>
internal static class FloatsHash
{
    private const int ChunkFloats = 1 << 20;

    /// <summary>The hash of any number of floats.</summary>
    public static byte[] Of(ReadOnlySpan<float> values)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int i = 0; i < values.Length; i += ChunkFloats)
            hash.AppendData(MemoryMarshal.AsBytes(values.Slice(i, Math.Min(ChunkFloats, values.Length - i))));
        return hash.GetHashAndReset();
    }
}
