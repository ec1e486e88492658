using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using VptDsl.Common;

namespace VptDsl.Weights;

/// <summary>A checkpoint in several files, found through its index, for instance <c>model.safetensors.index.json</c>.</summary>
internal sealed class ShardedWeights : IWeightSource
{
    private readonly List<IWeightSource> _shards;
    private readonly Dictionary<string, (IWeightSource Shard, TensorInfo Tensor)> _byName = new(StringComparer.Ordinal);

    private ShardedWeights(string path, List<IWeightSource> shards)
    {
        Path = path;
        _shards = shards;
        foreach (var shard in shards)
        {
            foreach (var tensor in shard.Tensors)
            {
                if (!_byName.TryAdd(tensor.Name, (shard, tensor)))
                {
                    string other = _byName[tensor.Name].Shard.Path;
                    throw WeightFileException.Broken(path, $"it is in two of the files: {other} and {shard.Path}", tensor.Name);
                }
            }
        }

        Tensors = [.. _byName.Values.Select(entry => entry.Tensor)];
    }

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public string Format => $"{_shards.FirstOrDefault()?.Format ?? "nothing"} in {_shards.Count} files";

    /// <inheritdoc/>
    public IReadOnlyList<TensorInfo> Tensors { get; }

    /// <summary>Opens the files that an index names, which must lie beside it.</summary>
    /// <param name="path">The index.</param>
    /// <param name="openShard">Opens one of the files.</param>
    /// <exception cref="WeightFileException">The index or one of the files is missing or wrong, or they contradict each other.</exception>
    public static ShardedWeights Open(string path, Func<string, IWeightSource> openShard)
    {
        var index = ReadIndex(path);
        var shards = new List<IWeightSource>();
        try
        {
            string directory = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
            foreach (string name in index.Values.Distinct().Order(StringComparer.Ordinal))
            {
                shards.Add(openShard(System.IO.Path.Combine(directory, name)));
            }

            var source = new ShardedWeights(path, shards);
            source.CheckAgainst(index);
            return source;
        }
        catch
        {
            shards.ForEach(shard => shard.Dispose());
            throw;
        }
    }

    /// <inheritdoc/>
    public bool TryFind(string name, [NotNullWhen(true)] out TensorInfo? tensor)
    {
        bool found = _byName.TryGetValue(name, out var entry);
        tensor = entry.Tensor;
        return found;
    }

    /// <inheritdoc/>
    public void Read(TensorInfo tensor, Span<float> destination) => _byName[tensor.Name].Shard.Read(tensor, destination);

    /// <inheritdoc/>
    public void Dispose() => _shards.ForEach(shard => shard.Dispose());

    private static Dictionary<string, string> ReadIndex(string path)
    {
        using var file = MappedFile.Open(path);
        if (file.Length > SafetensorsHeader.MaxBytes)
        {
            throw WeightFileException.Broken(path, $"an index of {file.Length} bytes is too long");
        }

        byte[] json = new byte[file.Length];
        file.Copy(0, json);
        try
        {
            using var document = JsonDocument.Parse(json);
            return ReadMap(path, document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw WeightFileException.Broken(path, $"the index is not valid JSON ({e.Message.TrimEnd('.')})", innerException: e);
        }
    }

    private static Dictionary<string, string> ReadMap(string path, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("weight_map", out var map)
            || map.ValueKind != JsonValueKind.Object)
        {
            throw WeightFileException.Broken(path, "the index has no object called weight_map");
        }

        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in map.EnumerateObject())
        {
            string? file = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString() : null;
            if (!IsPlainName(file))
            {
                throw WeightFileException.Broken(path, "the index does not name a file beside it", entry.Name);
            }

            if (!files.TryAdd(entry.Name, file))
            {
                throw WeightFileException.Broken(path, "the index lists it twice", entry.Name);
            }
        }

        return files;
    }

    // An index from elsewhere must not make us open files anywhere on the disk.
    private static bool IsPlainName([NotNullWhen(true)] string? file) =>
        file is { Length: > 0 } and not ("." or "..") && file.AsSpan().IndexOfAny('/', '\\', '\0') < 0 && !file.Contains(':');

    private void CheckAgainst(Dictionary<string, string> index)
    {
        foreach ((string tensor, string file) in index)
        {
            if (!_byName.TryGetValue(tensor, out var entry) || System.IO.Path.GetFileName(entry.Shard.Path) != file)
            {
                throw WeightFileException.Broken(Path, $"the index says that it is in {Quoted.Name(file)}, but it is not", tensor);
            }
        }
    }
}
