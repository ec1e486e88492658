using VptDsl.Programs;

namespace VptDsl.Training.Batches;

/// <summary>Gathers images into batches, in buffers that are allocated once. For one thread at a time.</summary>
internal interface IBatchReader : IDisposable
{
    /// <summary>The images of the batch read last, [batch, channels, height, width].</summary>
    public Span<float> Images { get; }

    /// <summary>Their labels, [batch, labels of an image].</summary>
    public ReadOnlySpan<int> Labels { get; }

    /// <summary>
    /// Says which images will be read next, so that they can be prepared meanwhile. A new plan replaces what is left of the old.
    /// </summary>
    /// <param name="indices">The images in the order in which they will be read; batches may cut it anywhere.</param>
    /// <param name="epoch">The epoch that they will be read for.</param>
    /// <remarks>What is read does not depend on it: images that were not announced are read when they are asked for.</remarks>
    public void Announce(ReadOnlySpan<int> indices, int epoch);

    /// <summary>Reads a batch.</summary>
    /// <param name="indices">The images to read.</param>
    /// <param name="epoch">The epoch, which augmentation depends on.</param>
    public void Read(ReadOnlySpan<int> indices, int epoch);

    /// <summary>Writes the labels of an image of the set, without augmentation.</summary>
    public void CopyLabels(int index, Span<int> labels);

    /// <summary>Puts the batch read last into a program.</summary>
    public void SendTo(ModelProgram program);
}
