using System.Collections.Immutable;
using VptDsl.Common;
using VptDsl.Data.Pixels;

namespace VptDsl.Data.Stores;

/// <summary>Images in files, decoded whenever they are read.</summary>
internal sealed class FileStore : IPixelStore
{
    private readonly FileEntry[] _entries;

    /// <summary>Takes files; that all are there, and are files, is checked now rather than hours into a run.</summary>
    /// <exception cref="ImageDataException">A file is missing, or a pipe, a socket or a device is in its place.</exception>
    public FileStore(FileEntry[] entries, IReadOnlyList<string> classNames, ImmutableArray<PassedOver> passedOver = default)
    {
        _entries = entries;
        ClassNames = classNames;
        PassedOver = passedOver.IsDefault ? [] : passedOver;
        int[] missing = [.. Enumerable.Range(0, entries.Length).Where(i => !File.Exists(entries[i].Path))];
        if (missing.Length > 0)
        {
            FileEntry first = entries[missing[0]];
            string andOthers = missing.Length == 1 ? "" : $"; {missing.Length} of the {entries.Length} files are missing";
            throw ImageFileReader.Missing(first.Path, first.List, first.Line, andOthers: andOthers);
        }

        foreach (FileEntry entry in entries)
        {
            if (SpecialFile.KindOf(entry.Path) is { } kind)
                throw ImageFileReader.Special(entry.Path, kind, entry.List, entry.Line);
        }
    }

    public int Count => _entries.Length;

    public IReadOnlyList<string> ClassNames { get; }

    public ImmutableArray<PassedOver> PassedOver { get; }

    public int Repeated { get; init; }

    public int Label(int index) => _entries[index].Label;

    public PixelImage Load(int index)
    {
        FileEntry entry = _entries[index];
        return ImageFileReader.Read(entry.Path, entry.List, entry.Line);
    }

    public string NameOf(int index)
    {
        FileEntry entry = _entries[index];
        return entry is { List: { } list, Line: { } line } ? $"{entry.Path} ({ImageDataException.Place(list, line)})" : entry.Path;
    }

    public ImageDataException Unfit(int index, InvalidDataException cause)
    {
        FileEntry entry = _entries[index];
        return ImageFileReader.Unfit(entry.Path, entry.List, entry.Line, cause);
    }
}
