using System.Globalization;
using VptDsl.Weights;
using static TorchSharp.torch;

namespace VptDsl.Benchmarks.Libtorch;

/// <summary>Compares a peer's logits with those that a file holds beside the images and the parameters.</summary>
internal static class LogitsCheck
{
    /// <summary>Prints, as a line of JSON, the largest difference as a share of the largest logit.</summary>
    public static void Run(IPeerModel peer, SafetensorsFile file)
    {
        using IDisposable frozen = no_grad();
        Tensor images = tensor(file.ReadFloats("images")).reshape(-1, 3, 224, 224),
            expected = tensor(file.ReadFloats("logits")).reshape(images.shape[0], -1);
        Tensor difference = (peer.Forward(images) - expected).abs().max() / expected.abs().max();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{{\"peer\":\"libtorch\",\"difference\":{difference.item<float>():E3}}}"));
    }
}
