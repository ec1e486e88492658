using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using VptDsl.Common;

namespace VptDsl.Weights;

/// <summary>A safetensors file, opened for reading: tensors by name, in memory-mapped form.</summary>
/// <remarks>
/// The format: 8 bytes with the header's length, little-endian; the header, a JSON object of name → dtype, shape and
/// data_offsets; the data. Everything the header claims is checked when the file is opened, so a damaged or hostile file
/// fails there and nowhere else. Reading is thread-safe. Must not be shortened in place by others while it is open.
/// </remarks>
public sealed class SafetensorsFile : IWeightSource
{
    private const int LengthBytes = sizeof(ulong);

    private readonly MappedFile _file;
    private readonly Dictionary<string, TensorInfo> _byName;
    private readonly long _dataStart;

    /// <summary>Reads the header of an open file, which this object closes in the end.</summary>
    internal SafetensorsFile(string path, MappedFile file)
    {
        Path = path;
        _file = file;
        byte[] json = ReadHeader(path, file);
        _dataStart = LengthBytes + json.Length;
        var header = SafetensorsHeader.Parse(json, path);
        Tensors = SafetensorsLayout.Check(header.Tensors, file.Length - _dataStart, path);
        Metadata = header.Metadata;
        _byName = Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
    }

    /// <summary>The file's path, as given.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    string IWeightSource.Format => "safetensors";

    /// <summary>Every tensor, in the order of their data.</summary>
    public IReadOnlyList<TensorInfo> Tensors { get; }

    /// <summary>The header's <c>__metadata__</c>; empty if there is none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file and checks all of it but the values.</summary>
    /// <exception cref="WeightFileException">It cannot be read, or is no correct safetensors file.</exception>
    public static SafetensorsFile Open(string path)
    {
        var file = MappedFile.Open(path);
        try
        {
            return new SafetensorsFile(path, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Looks a tensor up by its name.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out TensorInfo? tensor)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _byName.TryGetValue(name, out tensor);
    }

    /// <summary>A tensor by its name.</summary>
    /// <exception cref="WeightFileException">The file has no such tensor.</exception>
    public TensorInfo Find(string name) =>
        TryFind(name, out var tensor)
            ? tensor
            : throw new WeightFileException(Path, "the file has no such tensor", $"It holds {SomeNames()}.", name);

    /// <summary>Copies a tensor of F32, F16, BF16 or F64, converted to 32-bit floats.</summary>
    /// <param name="tensor">A tensor of this file.</param>
    /// <param name="destination">Room for exactly its elements.</param>
    /// <exception cref="WeightFileException">The tensor's type is none of these.</exception>
    /// <exception cref="ArgumentException">The destination is not of the tensor's length.</exception>
    public void Read(TensorInfo tensor, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (!tensor.Type.IsFloat())
        {
            throw new WeightFileException(
                Path,
                $"its type is {Quoted.Name(tensor.TypeName)}, not a float of 16, 32 or 64 bits",
                "Store it as F32, F16 or BF16.",
                tensor.Name);
        }

        ReadChunks(tensor, destination, FloatConversion.ToFloat);
    }

    /// <summary>A copy of a tensor of F32, F16, BF16 or F64, as 32-bit floats.</summary>
    /// <exception cref="WeightFileException">There is no such tensor, or its type is none of these.</exception>
    public float[] ReadFloats(string name)
    {
        var tensor = Find(name);
        float[] values = tensor.Type.IsFloat() ? new float[ArrayLength(tensor)] : [];
        Read(tensor, values);
        return values;
    }

    /// <summary>A copy of a tensor of integers or booleans, for instance labels.</summary>
    /// <exception cref="WeightFileException">There is no such tensor, or its type is another.</exception>
    public long[] ReadInt64(string name)
    {
        var tensor = Find(name);
        if (!tensor.Type.IsInteger())
        {
            throw new WeightFileException(Path, $"its type is {Quoted.Name(tensor.TypeName)}, not an integer", "Store it as I64.", name);
        }

        long[] values = new long[ArrayLength(tensor)];
        ReadChunks(tensor, values.AsSpan(), FloatConversion.ToInt64);
        return values;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <inheritdoc cref="WeightFileException.Broken"/>
    internal static WeightFileException Broken(
        string path,
        string problem,
        string? tensor = null,
        string remedy = "The file is damaged or was written wrongly: download or export it again.",
        Exception? innerException = null) =>
        WeightFileException.Broken(path, problem, tensor, remedy, innerException);

    private static byte[] ReadHeader(string path, MappedFile file)
    {
        Span<byte> start = stackalloc byte[(int)Math.Min(file.Length, 32)];
        file.Copy(0, start);
        if (ForeignFormat.Recognize(start) is var (problem, remedy) && !StartsHeader(start))
        {
            throw new WeightFileException(path, problem, remedy);
        }

        if (file.Length < LengthBytes)
        {
            throw Broken(path, $"the file has {file.Length} bytes, fewer than the {LengthBytes} a safetensors file starts with");
        }

        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(start);
        if (length > SafetensorsHeader.MaxBytes)
        {
            throw Broken(path, $"its header would be {length} bytes long, more than the {SafetensorsHeader.MaxBytes} the format allows");
        }

        if ((long)length > file.Length - LengthBytes)
        {
            throw Broken(path, $"its header would be {length} bytes long, but only {file.Length - LengthBytes} bytes follow");
        }

        byte[] json = new byte[length];
        file.Copy(LengthBytes, json);
        return json;
    }

    // A correct file may start with any byte, 'P' and '<' among them: what follows decides.
    private static bool StartsHeader(ReadOnlySpan<byte> start) =>
        start.Length > LengthBytes
        && start[LengthBytes] == '{'
        && BinaryPrimitives.ReadUInt64LittleEndian(start) <= SafetensorsHeader.MaxBytes;

    private void ReadChunks<T>(TensorInfo tensor, Span<T> destination, ElementConversion<T> convert)
    {
        if (destination.Length != tensor.Count)
        {
            throw new ArgumentException(
                $"Tensor '{tensor.Name}' has {tensor.Count} elements, but the destination has room for {destination.Length}.",
                nameof(destination));
        }

        ElementReader.Read(_file.Copy, tensor.Type, _dataStart + tensor.Offset, destination, convert);
    }

    private int ArrayLength(TensorInfo tensor) =>
        tensor.Count <= Array.MaxLength
            ? (int)tensor.Count
            : throw new WeightFileException(Path, $"its {tensor.Count} elements do not fit an array", "Split it.", tensor.Name);

    private string SomeNames()
    {
        const int Shown = 5;
        string names = string.Join(", ", Tensors.Take(Shown).Select(tensor => Quoted.Name(tensor.Name)));
        return Tensors.Count switch
        {
            0 => "no tensors",
            > Shown => $"{names} and {Tensors.Count - Shown} more",
            _ => names,
        };
    }
}
