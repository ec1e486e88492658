using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using VptDsl.Common;

namespace VptDsl.Weights.Zip;

/// <summary>A zip archive, memory-mapped: files that are not compressed are read in place.</summary>
internal sealed class MappedZip : IDisposable
{
    private readonly MappedFile _file;
    private readonly Dictionary<string, ZipEntry> _byName;
    private readonly ConcurrentDictionary<string, bool> _verified = new(StringComparer.Ordinal);

    /// <summary>Reads the directory of an open archive, which this object closes in the end.</summary>
    /// <exception cref="WeightFileException">It is no correct archive.</exception>
    public MappedZip(string path, MappedFile file)
    {
        Path = path;
        _file = file;
        Entries = ZipDirectory.Read(file, path);
        _byName = Entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
    }

    /// <summary>The archive's path, as given.</summary>
    public string Path { get; }

    /// <summary>The files in it, in the order of its directory.</summary>
    public ImmutableArray<ZipEntry> Entries { get; }

    /// <summary>
    /// What to do where a file in it has another checksum, which programs of some formats need not compute; null for what is always true.
    /// </summary>
    public string? ChecksumRemedy { get; set; }

    /// <summary>Looks a file up by its name.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out ZipEntry? entry) => _byName.TryGetValue(name, out entry);

    /// <summary>Reads a file from its beginning.</summary>
    public ZipEntryReader Read(ZipEntry entry) => new(_file, Path, entry, ChecksumRemedy);

    /// <summary>The whole content of a small file.</summary>
    /// <param name="entry">The file.</param>
    /// <param name="limit">The most bytes that it may reasonably have.</param>
    /// <exception cref="WeightFileException">It has more, or is damaged.</exception>
    public byte[] ReadAll(ZipEntry entry, int limit)
    {
        if (entry.Bytes > limit)
        {
            throw WeightFileException.Broken(
                Path, $"{Quoted.Name(entry.Name)} in the zip archive has {entry.Bytes} bytes, more than the {limit} that it may have");
        }

        byte[] content = new byte[entry.Bytes];
        using var reader = Read(entry);
        reader.Read(content);
        reader.Finish();
        return content;
    }

    /// <summary>Copies bytes from any place of a file that is not compressed; the first time, the whole file is checked.</summary>
    /// <exception cref="WeightFileException">The file does not have its checksum.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The bytes do not all lie in the file.</exception>
    public void Copy(ZipEntry entry, long offset, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(entry.IsDeflated, true);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, entry.Bytes - destination.Length);
        if (!_verified.ContainsKey(entry.Name))
        {
            using var reader = Read(entry);
            reader.Finish();
            _verified[entry.Name] = true;
        }

        _file.Copy(entry.Offset + offset, destination);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
