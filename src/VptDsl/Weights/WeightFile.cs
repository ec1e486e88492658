namespace VptDsl.Weights;

/// <summary>Opens whatever holds weights.</summary>
internal static class WeightFile
{
    private const string IndexExtension = ".index.json";

    // As the Hugging Face hub lays repositories out.
    private static readonly string[] UsualNames = ["model.safetensors", "model.safetensors" + IndexExtension];

    /// <summary>Opens a safetensors file, the index of one in several parts, or a directory with either under its usual name.</summary>
    /// <exception cref="WeightFileException">It cannot be read, or is none of these.</exception>
    public static IWeightSource Open(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string file = Directory.Exists(path) ? FindIn(path) : path;
        return file.EndsWith(IndexExtension, StringComparison.OrdinalIgnoreCase)
            ? ShardedSafetensors.Open(file)
            : SafetensorsFile.Open(file);
    }

    private static string FindIn(string directory) =>
        UsualNames.Select(name => Path.Combine(directory, name)).FirstOrDefault(File.Exists)
        ?? throw new WeightFileException(
            directory, $"the directory holds neither {UsualNames[0]} nor {UsualNames[1]}", "Give the path of the weight file itself.");
}
