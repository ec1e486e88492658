using System.Buffers.Binary;
using System.Text.Json;

namespace VptDsl.Testing.Golden;

/// <summary>Reads the committed safetensors files without the library, so that neither hides the other's mistakes.</summary>
internal static class SafetensorsTensors
{
    public static Dictionary<string, GoldenTensor> Read(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        int headerLength = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(file));
        ReadOnlyMemory<byte> data = file.AsMemory(8 + headerLength);
        using JsonDocument header = JsonDocument.Parse(file.AsMemory(8, headerLength));
        return header.RootElement.EnumerateObject()
            .Where(entry => entry.Name != "__metadata__")
            .ToDictionary(entry => entry.Name, entry => ReadTensor(entry.Value, data.Span));
    }

    private static GoldenTensor ReadTensor(JsonElement entry, ReadOnlySpan<byte> data)
    {
        int[] offsets = Integers(entry.GetProperty("data_offsets"));
        ReadOnlySpan<byte> bytes = data[offsets[0]..offsets[1]];
        string type = entry.GetProperty("dtype").GetString()!;
        float[] values = type switch
        {
            "F32" => new float[bytes.Length / 4],
            "I64" => new float[bytes.Length / 8],
            _ => throw new NotSupportedException($"Golden tensors are F32 or I64, not {type}."),
        };
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = type == "F32"
                ? BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..])
                : BinaryPrimitives.ReadInt64LittleEndian(bytes[(8 * i)..]);
        }

        return new(Integers(entry.GetProperty("shape")), values);
    }

    private static int[] Integers(JsonElement array) => array.EnumerateArray().Select(e => e.GetInt32()).ToArray();
}
