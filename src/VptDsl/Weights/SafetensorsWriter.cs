using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using VptDsl.Common;

namespace VptDsl.Weights;

/// <summary>A tensor to be written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Read">Provides its elements, called when their turn to be written comes: only one tensor need be in memory.</param>
public sealed record TensorToWrite(string Name, ImmutableArray<int> Shape, Func<ReadOnlyMemory<float>> Read)
{
    /// <summary>A tensor whose elements are at hand.</summary>
    public TensorToWrite(string name, ImmutableArray<int> shape, float[] values)
        : this(name, shape, () => values)
    {
    }

    /// <summary>The number of elements.</summary>
    internal long Count => Shape.Aggregate(1L, (product, dimension) => checked(product * dimension));
}

/// <summary>Writes safetensors files of 32-bit floats.</summary>
/// <remarks>The same tensors and metadata give the same bytes, in whatever order they come.</remarks>
public static class SafetensorsWriter
{
    private const int Alignment = 8;

    // Spans of bytes hold at most 2 GiB.
    private const int ChunkFloats = 1 << 24;

    private static readonly JsonWriterOptions HeaderOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Creates or replaces a file, atomically: whatever happens, the old or the whole new one is there.</summary>
    /// <param name="path">The file; its directory must exist.</param>
    /// <param name="tensors">The tensors, in any order.</param>
    /// <param name="metadata">Strings to keep in the header.</param>
    /// <exception cref="ArgumentException">Two tensors have one name, or values do not fit their shape.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<TensorToWrite> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(tensors);
        TensorToWrite[] ordered = [.. tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal)];
        CheckNames(ordered);
        byte[] header = Header(ordered, metadata);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(header);
            foreach (var tensor in ordered)
            {
                WriteValues(stream, tensor);
            }
        });
    }

    private static void CheckNames(TensorToWrite[] ordered)
    {
        for (int i = 0; i < ordered.Length; i++)
        {
            string name = ordered[i].Name;
            if (name == SafetensorsHeader.MetadataName)
            {
                throw new ArgumentException($"A tensor cannot be called '{name}': the format keeps that name for itself.", nameof(ordered));
            }

            if (i > 0 && name == ordered[i - 1].Name)
            {
                throw new ArgumentException($"Two tensors are called '{name}'.", nameof(ordered));
            }
        }
    }

    private static byte[] Header(TensorToWrite[] ordered, IReadOnlyDictionary<string, string>? metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, HeaderOptions))
        {
            json.WriteStartObject();
            WriteMetadata(json, metadata);
            long offset = 0;
            foreach (var tensor in ordered)
            {
                long end = checked(offset + (tensor.Count * sizeof(float)));
                WriteEntry(json, tensor, offset, end);
                offset = end;
            }

            json.WriteEndObject();
        }

        int padded = (buffer.WrittenCount + Alignment - 1) / Alignment * Alignment;
        if (padded > SafetensorsHeader.MaxBytes)
        {
            throw new ArgumentException(
                $"The header would take {padded} bytes, more than the {SafetensorsHeader.MaxBytes} the format allows: "
                + "write fewer tensors or less metadata.");
        }

        byte[] header = new byte[sizeof(ulong) + padded];
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)padded);
        header.AsSpan(sizeof(ulong)).Fill((byte)' ');
        buffer.WrittenSpan.CopyTo(header.AsSpan(sizeof(ulong)));
        return header;
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string>? metadata)
    {
        if (metadata is null or { Count: 0 })
        {
            return;
        }

        json.WriteStartObject(SafetensorsHeader.MetadataName);
        foreach ((string key, string value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter json, TensorToWrite tensor, long begin, long end)
    {
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype"u8, "F32"u8);
        json.WriteStartArray("shape"u8);
        foreach (int dimension in tensor.Shape)
        {
            json.WriteNumberValue(dimension);
        }

        json.WriteEndArray();
        json.WriteStartArray("data_offsets"u8);
        json.WriteNumberValue(begin);
        json.WriteNumberValue(end);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteValues(Stream stream, TensorToWrite tensor)
    {
        var values = tensor.Read().Span;
        if (values.Length != tensor.Count)
        {
            throw new ArgumentException(
                $"Tensor '{tensor.Name}' of shape {Quoted.Shape(tensor.Shape)} has {tensor.Count} elements, "
                + $"but {values.Length} values were given.");
        }

        for (int i = 0; i < values.Length; i += ChunkFloats)
        {
            stream.Write(MemoryMarshal.AsBytes(values.Slice(i, Math.Min(ChunkFloats, values.Length - i))));
        }
    }
}
