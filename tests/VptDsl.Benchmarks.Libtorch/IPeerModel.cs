using static TorchSharp.torch;

namespace VptDsl.Benchmarks.Libtorch;

/// <summary>A backbone with prompts as an eager framework runs it.</summary>
internal interface IPeerModel
{
    /// <summary>What is trained: prompts and head; everything where nothing is frozen.</summary>
    public IReadOnlyList<Tensor> Trained { get; }

    /// <summary>Logits, [batch, classes], of images, [batch, 3, 224, 224].</summary>
    public Tensor Forward(Tensor images);
}
