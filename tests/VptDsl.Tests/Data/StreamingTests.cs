using VptDsl.Data;
using VptDsl.Data.Stores;
using VptDsl.Tests.Data.Golden;
using VptDsl.Training.Batches;

namespace VptDsl.Tests.Data;

/// <summary>A set far larger than memory would hold decoded streams through in the memory of a few batches.</summary>
[Collection(nameof(MeasuresMemory))]
public class StreamingTests
{
    [Fact]
    public void Twenty_thousand_images_take_no_more_memory_than_two_thousand()
    {
        const int count = 20_000, batch = 50;
        string[] files = [.. new[] { "colour.png", "subsampled.jpg", "lossy.webp" }.Select(GoldenFile.Path)];
        FileEntry[] entries = [.. Enumerable.Range(0, count).Select(i => new FileEntry(files[i % files.Length], i % 7))];
        var set = new PixelImages(new FileStore(entries, [.. "abcdefg".Select(letter => $"{letter}")]), Transforms.FgvcTrain(16));
        using var reader = new BatchPrefetcher(set, batch, [], seed: 1, augments: true);
        int[] order = [.. Enumerable.Range(0, count)];
        reader.Announce(order, epoch: 0);
        long early = 0;
        for (int first = 0; first < count; first += batch)
        {
            reader.Read(order.AsSpan(first, batch), epoch: 0);
            if (first == 2000)
                early = GC.GetTotalMemory(forceFullCollection: true);
        }

        // Kept, the remaining images would take 55 MB as floats and 90 MB as decoded pixels.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - early, long.MinValue, 4 << 20);
    }
}

/// <summary>Runs alone, since other tests would allocate meanwhile.</summary>
[CollectionDefinition(nameof(MeasuresMemory), DisableParallelization = true)]
public class MeasuresMemory;
