namespace VptDsl.Weights;

/// <summary>Recognises by its first bytes what a file that is no safetensors file probably is.</summary>
internal static class ForeignFormat
{
    private const string Convert = "Convert it to safetensors, for instance with safetensors.torch.save_file in Python.";

    private const string SaveAgain = "Save it again with a newer PyTorch: torch.save(torch.load(path), path).";

    /// <summary>What the file is and what to do with it; null if that cannot be told.</summary>
    public static (string Problem, string Remedy)? Recognize(ReadOnlySpan<byte> start) => start switch
    {
        [(byte)'P', (byte)'K', 3, 4, ..] => ("this is a zip archive, as PyTorch's .pth and NumPy's .npz are", Convert),
        [0x80, >= 2 and <= 5, ..] =>
            ("this is a bare Python pickle, as PyTorch before 1.6 wrote it and other tools do", SaveAgain),
        [0x93, (byte)'N', (byte)'U', (byte)'M', ..] => ("this is a NumPy array", Convert),
        [0x89, (byte)'H', (byte)'D', (byte)'F', ..] => ("this is an HDF5 file, as Keras writes them", Convert),
        [0x1f, 0x8b, ..] => ("this is a gzip archive", "Unpack it first."),
        _ when start.StartsWith("version https://git-lfs"u8) =>
            ("this is a Git LFS pointer, not the file it stands for", "Run: git lfs pull"),
        [(byte)'<', (byte)'!' or (byte)'h' or (byte)'H', ..] =>
            ("this is a web page, not the file it links to", "Download the file itself."),
        [(byte)'{', (byte)'"' or (byte)' ' or (byte)'\n' or (byte)'\r', ..] =>
            ("this is JSON text, not a safetensors file", "Give the .safetensors file, or an index that ends in .index.json."),
        _ => null,
    };
}
