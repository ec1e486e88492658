using System.Buffers.Binary;
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
        ["model.safetensors", "model.safetensors" + IndexExtension, "pytorch_model.bin"];

    /// <summary>Opens a weight file, the index of one in several parts, or a directory with either under its usual name.</summary>
    /// <remarks>What a file is shows in its content: PyTorch's have many extensions.</remarks>
    /// <exception cref="WeightFileException">It cannot be read, or is none that can be.</exception>
    public static IWeightSource Open(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string file = Directory.Exists(path) ? FindIn(path) : path;
        return file.EndsWith(IndexExtension, StringComparison.OrdinalIgnoreCase) ? ShardedSafetensors.Open(file) : OpenSingle(file);
    }

    private static IWeightSource OpenSingle(string path)
    {
        var file = MappedFile.Open(path);
        try
        {
            return IsZip(file) ? OpenZip(new MappedZip(path, file)) : new SafetensorsFile(path, file);
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

    private static IWeightSource OpenZip(MappedZip zip) =>
        TorchFile.Recognizes(zip) ? new TorchFile(zip)
        : NpzFile.Recognizes(zip) ? new NpzFile(zip)
        : throw new WeightFileException(
            zip.Path, "this zip archive holds neither a PyTorch checkpoint nor NumPy arrays", "Unpack it and give the file in it.");

    private static string FindIn(string directory) =>
        UsualNames.Select(name => Path.Combine(directory, name)).FirstOrDefault(File.Exists)
        ?? throw new WeightFileException(
            directory,
            $"the directory holds neither {UsualNames[0]} nor {UsualNames[1]} nor {UsualNames[2]}",
            "Give the path of the weight file itself.");
}
