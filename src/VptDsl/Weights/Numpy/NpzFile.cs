using System.Diagnostics.CodeAnalysis;
using VptDsl.Common;
using VptDsl.Weights.Zip;

namespace VptDsl.Weights.Numpy;

/// <summary>NumPy arrays in a zip archive (<c>numpy.savez</c>, <c>numpy.savez_compressed</c>), read a piece at a time.</summary>
/// <remarks>
/// All headers are checked when the file is opened, an array's values against their checksum when they are read.
/// Arrays of other types than numbers stay out of <see cref="Tensors"/>; asking for one is an error that says why.
/// </remarks>
internal sealed class NpzFile : IWeightSource
{
    private const string Extension = ".npy";

    private readonly MappedZip _zip;
    private readonly Dictionary<string, ArrayPlace> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _unreadable = new(StringComparer.Ordinal);

    /// <summary>Reads the headers of all arrays in an archive.</summary>
    /// <param name="zip">The archive, which this object closes in the end.</param>
    /// <exception cref="WeightFileException">One is damaged.</exception>
    public NpzFile(MappedZip zip)
    {
        _zip = zip;
        foreach (var entry in zip.Entries.Where(IsArray))
        {
            Add(entry.Name[..^Extension.Length], entry);
        }

        Tensors = [.. _byName.Values.Select(array => array.Tensor)];
    }

    /// <inheritdoc/>
    public string Path => _zip.Path;

    /// <inheritdoc/>
    public string Format => "NumPy .npz";

    /// <inheritdoc/>
    public IReadOnlyList<TensorInfo> Tensors { get; }

    /// <summary>Whether an archive holds NumPy arrays.</summary>
    public static bool Recognizes(MappedZip zip) => zip.Entries.Any(IsArray);

    /// <inheritdoc/>
    public bool TryFind(string name, [NotNullWhen(true)] out TensorInfo? tensor)
    {
        if (_unreadable.TryGetValue(name, out string? descriptor))
        {
            throw new WeightFileException(
                Path,
                $"its elements are of NumPy's type {Quoted.Name(descriptor)}, not little-endian numbers",
                "Save it as float32 with numpy.savez.",
                name);
        }

        bool found = _byName.TryGetValue(name, out var array);
        tensor = array?.Tensor;
        return found;
    }

    /// <inheritdoc/>
    public void Read(TensorInfo tensor, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, tensor.Count, nameof(destination));
        var (_, layout, entry) = _byName[tensor.Name];
        using var reader = _zip.Read(entry);
        byte[] header = new byte[tensor.Offset];
        reader.Read(header);
        if (layout.IsContiguous)
        {
            ElementReader.Read((_, bytes) => reader.Read(bytes), tensor.Type, tensor.Offset, destination, FloatConversion.ToFloat);
        }
        else
        {
            ReadWhole(tensor, reader, layout, destination);
        }

        reader.Finish();
    }

    /// <inheritdoc/>
    public void Dispose() => _zip.Dispose();

    // What may be compressed can be read in its own order only.
    private void ReadWhole(TensorInfo tensor, ZipEntryReader reader, StridedLayout layout, Span<float> destination)
    {
        if (tensor.ByteCount > Array.MaxLength)
        {
            throw new WeightFileException(
                Path, $"it is in Fortran's order and has {tensor.ByteCount} bytes", "Save it with numpy.ascontiguousarray.", tensor.Name);
        }

        byte[] content = new byte[tensor.ByteCount];
        reader.Read(content);
        ElementReader.Read(
            (offset, bytes) => content.AsSpan((int)offset, bytes.Length).CopyTo(bytes), tensor.Type, 0, layout, destination);
    }

    private static bool IsArray(ZipEntry entry) => entry.Name.EndsWith(Extension, StringComparison.Ordinal);

    private void Add(string name, ZipEntry entry)
    {
        var header = ReadHeader(name, entry);
        if (header.Type is not { } type)
        {
            _unreadable.Add(name, header.Descriptor);
            return;
        }

        long dataBytes = entry.Bytes - header.Bytes;
        if (TensorSize.Bytes(header.Shape, type) is var bytes && bytes != dataBytes)
        {
            string shape = Quoted.Shape(header.Shape);
            throw WeightFileException.Broken(Path, $"its shape {shape} of {type} does not take the {dataBytes} bytes that it has", name);
        }

        var layout = header.IsColumnMajor ? StridedLayout.ColumnMajor(header.Shape) : StridedLayout.RowMajor(header.Shape);
        _byName.Add(name, new ArrayPlace(new TensorInfo(name, type, header.Shape, header.Bytes, dataBytes), layout, entry));
    }

    private NpyHeader ReadHeader(string name, ZipEntry entry)
    {
        using var reader = _zip.Read(entry);
        try
        {
            return NpyHeader.Read(reader.Read, entry.Bytes);
        }
        catch (FormatException e)
        {
            throw WeightFileException.Broken(Path, e.Message, name, innerException: e);
        }
    }

    private sealed record ArrayPlace(TensorInfo Tensor, StridedLayout Layout, ZipEntry Entry);
}
