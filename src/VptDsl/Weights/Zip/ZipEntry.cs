namespace VptDsl.Weights.Zip;

/// <summary>One file in a zip archive.</summary>
/// <param name="Name">Its name, with <c>/</c> between folders.</param>
/// <param name="IsDeflated">Whether it is compressed; otherwise it lies in the archive as it is.</param>
/// <param name="Offset">Where its first, possibly compressed, byte lies in the archive.</param>
/// <param name="StoredBytes">How many bytes it takes in the archive.</param>
/// <param name="Bytes">Its length, as the archive claims; true for files that are not compressed.</param>
/// <param name="Checksum">The CRC-32 of its content.</param>
internal sealed record ZipEntry(string Name, bool IsDeflated, long Offset, long StoredBytes, long Bytes, uint Checksum);
