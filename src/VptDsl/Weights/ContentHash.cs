using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace VptDsl.Weights;

/// <summary>
/// The hash that this library's own files carry in their header, of all that is in them: one wrong bit in a trained parameter would go
/// unnoticed for ever.
/// </summary>
internal static class ContentHash
{
    private const string Key = "sha256";

    /// <summary>Writes a safetensors file that carries its hash, atomically. The tensors' values are asked for twice.</summary>
    /// <exception cref="IOException">The file cannot be written; an old one is as it was.</exception>
    public static void Write(string path, IReadOnlyList<TensorToWrite> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        string hash = Of(metadata, tensors.Select(tensor => (tensor.Name, tensor.Read)));
        SafetensorsWriter.Write(path, tensors, new Dictionary<string, string>(metadata) { [Key] = hash });
    }

    /// <summary>Whether a file holds what its hash was made of; null if it carries none.</summary>
    public static bool? Matches(SafetensorsFile file)
    {
        if (!file.Metadata.TryGetValue(Key, out string? hash))
            return null;
        return file.Tensors.All(tensor => tensor.Type == TensorType.Float32)
            && hash == Of(file.Metadata, file.Tensors.Select(tensor => (tensor.Name, Values(tensor.Name))));

        Func<ReadOnlyMemory<float>> Values(string name) => () => file.ReadFloats(name);
    }

    /// <summary>Checks that a file is what was written, as far as it tells: files of old carry no hash.</summary>
    /// <exception cref="WeightFileException">It is not.</exception>
    public static void Check(SafetensorsFile file)
    {
        if (Matches(file) is false)
        {
            throw SafetensorsFile.Broken(
                file.Path, "its content is not what VptDsl wrote",
                remedy: "The file is damaged or was changed: copy it or save it again (or, if you changed it, "
                    + $"take {Key} out of its metadata).");
        }
    }

    /// <summary>Over the metadata but for the hash itself, and the tensors' names and values: 64 lowercase hexadecimal digits.</summary>
    private static string Of(
        IEnumerable<KeyValuePair<string, string>> metadata, IEnumerable<(string Name, Func<ReadOnlyMemory<float>> Read)> tensors)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(string text)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(text));
            hash.AppendData([0]);
        }

        foreach ((string key, string value) in metadata.Where(pair => pair.Key != Key).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Add(key);
            Add(value);
        }

        const int ChunkFloats = 1 << 24;
        foreach ((string name, Func<ReadOnlyMemory<float>> read) in tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal))
        {
            Add(name);
            ReadOnlySpan<float> values = read().Span;
            for (int i = 0; i < values.Length; i += ChunkFloats)
                hash.AppendData(MemoryMarshal.AsBytes(values.Slice(i, Math.Min(ChunkFloats, values.Length - i))));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
