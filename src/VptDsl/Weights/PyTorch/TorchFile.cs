using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Text;
using VptDsl.Common;
using VptDsl.Weights.Zip;

namespace VptDsl.Weights.PyTorch;

/// <summary>A checkpoint that <c>torch.save</c> of PyTorch 1.6 or newer wrote: a zip archive of a pickle and its tensors' memory.</summary>
/// <remarks>
/// The pickle and every tensor's place are checked when the file is opened; a storage against its checksum when the first of
/// its tensors is read. Nothing in the file is run.
/// </remarks>
internal sealed class TorchFile : IWeightSource
{
    private const string PickleName = "data.pkl";

    // Checkpoints with their optimiser's state have pickles of a few 100 KB.
    private const int MaxPickleBytes = 1 << 24;

    private const string ChecksumRemedy =
        "The file is damaged: download it again; or it was saved without checksums (torch.serialization.set_crc32_options(False)): "
            + "save it with them, torch.save(torch.load(path), path).";

    private readonly MappedZip _zip;
    private readonly string _folder;
    private readonly string? _container;
    private readonly Dictionary<string, Place> _byName = new(StringComparer.Ordinal);

    /// <summary>Reads the pickle in an archive.</summary>
    /// <param name="zip">The archive, which this object closes in the end.</param>
    /// <param name="entry">The entry that holds the model; null to have it found.</param>
    /// <exception cref="WeightFileException">It is damaged, or holds no tensors by name.</exception>
    public TorchFile(MappedZip zip, string? entry = null)
    {
        _zip = zip;
        zip.ChecksumRemedy = ChecksumRemedy;
        var pickle = zip.Entries.First(IsPickle);
        _folder = pickle.Name[..^PickleName.Length];
        CheckByteOrder();
        (_container, var tensors) = ReadPickle(pickle, entry);
        foreach (var (name, tensor) in tensors)
        {
            _byName.Add(name, Find(name, tensor));
        }

        Tensors = [.. _byName.Values.Select(place => place.Tensor)];
    }

    /// <inheritdoc/>
    public string Path => _zip.Path;

    /// <inheritdoc/>
    public string Format => _container is null ? "PyTorch .pth" : $"PyTorch .pth (in '{_container}')";

    /// <inheritdoc/>
    public IReadOnlyList<TensorInfo> Tensors { get; }

    /// <summary>Whether an archive is a PyTorch checkpoint.</summary>
    public static bool Recognizes(MappedZip zip) => zip.Entries.Any(IsPickle);

    /// <inheritdoc/>
    public bool TryFind(string name, [NotNullWhen(true)] out TensorInfo? tensor)
    {
        bool found = _byName.TryGetValue(name, out var place);
        tensor = place?.Tensor;
        return found;
    }

    /// <inheritdoc/>
    public void Read(TensorInfo tensor, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, tensor.Count, nameof(destination));
        var (_, layout, storage) = _byName[tensor.Name];
        ElementReader.Read((offset, bytes) => _zip.Copy(storage, offset, bytes), tensor.Type, tensor.Offset, layout, destination);
    }

    /// <inheritdoc/>
    public void Dispose() => _zip.Dispose();

    private static bool IsPickle(ZipEntry entry) =>
        entry.Name == PickleName
        || (entry.Name.EndsWith("/" + PickleName, StringComparison.Ordinal) && entry.Name.Count(character => character == '/') == 1);

    private StateDictionary ReadPickle(ZipEntry pickle, string? container)
    {
        byte[] content = _zip.ReadAll(pickle, MaxPickleBytes);
        object? checkpoint;
        try
        {
            checkpoint = PickleReader.Read(content, new TorchObjects());
        }
        catch (FormatException e)
        {
            throw WeightFileException.Broken(Path, $"the checkpoint's pickle cannot be read: {e.Message}", innerException: e);
        }

        try
        {
            return StateDictionary.Find(checkpoint, container);
        }
        catch (FormatException e)
        {
            throw new WeightFileException(
                Path, $"this is no checkpoint of a model: {e.Message}",
                "Name the entry that holds the model, or save its tensors alone: torch.save(model.state_dict(), path).");
        }
    }

    private Place Find(string name, TorchTensor tensor)
    {
        var storage = tensor.Storage;
        if (!_zip.TryFind($"{_folder}data/{storage.Key}", out var entry))
        {
            throw WeightFileException.Broken(Path, $"its storage {Quoted.Name(storage.Key)} is missing", name);
        }

        if (entry.IsDeflated)
        {
            throw new WeightFileException(
                Path, "its storage is compressed, which PyTorch's own never are", "Pack the archive again with zip -0.", name);
        }

        if (TensorSize.Bytes([storage.Count], storage.Type) is not { } storageBytes || storageBytes > entry.Bytes)
        {
            throw WeightFileException.Broken(
                Path, $"its storage has {entry.Bytes} bytes, too few for {storage.Count} elements of {storage.Type}", name);
        }

        string shape = Quoted.Shape(tensor.Shape);
        if (TensorSize.Bytes(tensor.Shape, storage.Type) is not { } bytes)
        {
            throw WeightFileException.Broken(Path, $"its shape {shape} is impossibly large", name);
        }

        if (bytes > 0 && LastPlace(tensor) >= storage.Count)
        {
            throw WeightFileException.Broken(
                Path,
                $"its shape {shape} with strides {Quoted.Shape(tensor.Layout.Strides)} from element {tensor.Start} on does not fit "
                + $"its storage of {storage.Count} elements",
                name);
        }

        var info = new TensorInfo(name, storage.Type, tensor.Shape, bytes > 0 ? tensor.Start * storage.Type.ByteSize() : 0, bytes);
        return new Place(info, tensor.Layout, entry);
    }

    // The largest place that any element has in the storage. Lengths and strides near 2^63 must not overflow.
    private static BigInteger LastPlace(TorchTensor tensor)
    {
        BigInteger last = tensor.Start;
        for (int axis = 0; axis < tensor.Shape.Length; axis++)
        {
            last += ((BigInteger)tensor.Shape[axis] - 1) * tensor.Layout.Strides[axis];
        }

        return last;
    }

    private void CheckByteOrder()
    {
        const int LongestName = 16;
        if (_zip.TryFind(_folder + "byteorder", out var entry)
            && Encoding.ASCII.GetString(_zip.ReadAll(entry, LongestName)) is var order and not "little")
        {
            throw new WeightFileException(
                Path, $"its byte order is {Quoted.Name(order)}, not little-endian", "Save it on a little-endian machine.");
        }
    }

    private sealed record Place(TensorInfo Tensor, StridedLayout Layout, ZipEntry Storage);
}
