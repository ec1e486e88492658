using System.Runtime.InteropServices;
using System.Security.Cryptography;
using VptDsl.Data;
using VptDsl.Training.Checkpoints;

namespace VptDsl.Tests.Training;

/// <summary>A run is known again by the labels of its images, of which there may be more than an array holds.</summary>
public sealed class RunFingerprintTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(200_001, 1)]
    [InlineData(0, 80)]
    [InlineData(3_000, 80)]
    [InlineData(3, 70_000)]
    public void A_hash_in_pieces_is_that_of_all_labels_one_behind_the_other(int count, int each)
    {
        var source = new LabelsAlone(count, each);
        int[] all = new int[count * each];
        for (int i = 0; i < count; i++)
            source.CopyLabels(i, all.AsSpan(i * each, each));

        Assert.Contains(
            $"{count} images of {source.Shape}, labels {Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<int>(all)))[..16]}",
            RunFingerprint.Describe(source), StringComparison.Ordinal);
    }

    private sealed class LabelsAlone(int count, int each) : IImageSource
    {
        public int Count => count;

        public ImageShape Shape { get; } = new(1, 1, 1);

        public IReadOnlyList<string> ClassNames { get; } = [.. Enumerable.Range(0, each).Select(i => $"{i}")];

        public bool IsMultiLabel => each > 1;

        public int LabelsPerImage => each;

        public int Label(int index) => index % 7;

        public void CopyImage(int index, Span<float> destination) => throw new NotSupportedException();

        public void CopyLabels(int index, Span<int> labels)
        {
            for (int i = 0; i < labels.Length; i++)
                labels[i] = each == 1 ? Label(index) : (index + i) % 3 % 2;
        }
    }
}
