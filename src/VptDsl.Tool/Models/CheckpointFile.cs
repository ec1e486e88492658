using VptDsl.Weights.Hub;

namespace VptDsl.Tool.Models;

/// <summary>A checkpoint as it is named on a command line: a file, a folder, or a repository of the hub.</summary>
internal static class CheckpointFile
{
    /// <summary>What an option's description says of it.</summary>
    public const string Kinds = ".safetensors, Google's .npz, PyTorch's .pth, or hf:OWNER/NAME on the Hugging Face hub";

    /// <summary>The file itself; downloaded, if it is on the hub and was not before.</summary>
    public static FileInfo Locate(FileInfo named) =>
        IsOnHub(named) ? Pull(named.ToString()) : named;

    /// <summary>Whether it is a repository of the hub.</summary>
    public static bool IsOnHub(FileInfo named) => named.ToString().StartsWith(Hub.Scheme, StringComparison.Ordinal);

    /// <summary>Downloads from the hub, and tells on standard error how far it is.</summary>
    public static FileInfo Pull(string reference)
    {
        using var interruption = Interruption.Begin();
        return new FileInfo(Hub.Pull(reference, new Told(), interruption.Token));
    }

    /// <summary>A line for each tenth of a file.</summary>
    private sealed class Told : IProgress<HubProgress>
    {
        private (string File, long Tenth) _last;

        public void Report(HubProgress value)
        {
            (string File, long Tenth) now = (value.File, value.Total is > 0 and var total ? 10 * value.Bytes / total : value.Bytes >> 27);
            if (now != _last && value.Bytes > 0)
                Errors.Say($"{value}");
            _last = now;
        }
    }
}
