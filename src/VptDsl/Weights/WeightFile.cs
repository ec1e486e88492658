using System.Buffers.Binary;
using VptDsl.Common;
using VptDsl.Weights.Numpy;
using VptDsl.Weights.PyTorch;
using VptDsl.Weights.Zip;

namespace VptDsl.Weights;

/// <summary>Opens whatever holds weights.</summary>
internal static class WeightFile
{
    private const string IndexExtension = ".index.json";
    private const uint ZipSignature = 0x04034b50;

    // As the Hugging Face hub lays repositories out.
    private static readonly string[] UsualNames =
        ["model.safetensors", "model.safetensors" + IndexExtension, "pytorch_model.bin", "pytorch_model.bin" + IndexExtension];

    /// <summary>Opens a weight file, the index of one in several parts, or a directory with either under its usual name.</summary>
    /// <remarks>What a file is shows in its content: PyTorch's have many extensions.</remarks>
    /// <param name="path">The file or the directory, or a reference to the hub (<see cref="Hub.Hub"/>).</param>
    /// <param name="entry">The entry that holds the model, in a PyTorch checkpoint with several; null to have it found.</param>
    /// <exception cref="WeightFileException">It cannot be read, or is none that can be.</exception>
    public static IWeightSource Open(string path, string? entry = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (Hub.Hub.IsReference(path))
            path = Hub.Hub.Pull(path);
        string file = Directory.Exists(path) ? FindIn(path) : path;
        return file.EndsWith(IndexExtension, StringComparison.OrdinalIgnoreCase)
            ? ShardedWeights.Open(file, shard => OpenSingle(shard, entry))
            : OpenSingle(file, entry);
    }

    private static IWeightSource OpenSingle(string path, string? entry)
    {
        var file = MappedFile.Open(path);
        try
        {
            IWeightSource source = IsZip(file) ? OpenZip(new MappedZip(path, file), entry) : new SafetensorsFile(path, file);
            return entry is null || source is TorchFile
                ? source
                : throw new WeightFileException(
                    path, $"{source.Format} has no entries, but {Quoted.Name(entry)} is asked for", "Leave the entry out.");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    // A safetensors file could begin with the same bytes, but goes on with a brace where archives say how they are compressed.
    private static bool IsZip(MappedFile file)
    {
        Span<byte> start = stackalloc byte[9];
        if (file.Length < start.Length)
        {
            return false;
        }

        file.Copy(0, start);
        return BinaryPrimitives.ReadUInt32LittleEndian(start) == ZipSignature && start[8] != '{';
    }

    private static IWeightSource OpenZip(MappedZip zip, string? entry) =>
        TorchFile.Recognizes(zip) ? new TorchFile(zip, entry)
        : NpzFile.Recognizes(zip) ? new NpzFile(zip)
        : throw new WeightFileException(
            zip.Path, "this zip archive holds neither a PyTorch checkpoint nor NumPy arrays", "Unpack it and give the file in it.");

    private static string FindIn(string directory) =>
        UsualNames.Select(name => Path.Combine(directory, name)).FirstOrDefault(File.Exists)
        ?? throw new WeightFileException(
            directory,
            $"the directory holds neither {string.Join(" nor ", UsualNames)}",
            "Give the path of the weight file itself.");
}
