using VptDsl.Data;

namespace VptDsl.Tests.Data;

/// <summary>CIFAR's records are read plane by plane with the right one of their labels; cut-off files are errors.</summary>
public sealed class CifarFileTests : IDisposable
{
    private static readonly ImagePipeline AsIs = new ImagePipeline(Normalization.None).CenterCrop(32);
    private readonly ImageTree _tree = new();

    [Fact]
    public void A_record_is_a_label_and_three_planes()
    {
        for (int batch = 1; batch <= 5; batch++)
            _tree.File($"data_batch_{batch}.bin", Record([(byte)batch], red: (byte)(51 * batch)));
        _tree.File("test_batch.bin", [.. Record([9], 0), .. Record([0], 255)]).Text("batches.meta.txt", "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n");

        PixelImages train = CifarFile.ReadCifar10(_tree.Root, train: true, AsIs);
        PixelImages test = CifarFile.ReadCifar10(_tree.Root, train: false, AsIs);
        float[] image = new float[3072];
        train.CopyImage(2, image);

        Assert.Equal([1, 2, 3, 4, 5], Enumerable.Range(0, 5).Select(train.Label));
        Assert.Equal([9, 0], [test.Label(0), test.Label(1)]);
        Assert.Equal(["a", "j"], [test.ClassNames[0], test.ClassNames[9]]);
        Assert.Equal(0.6f, image[1023]);
        Assert.Equal([0, 1 / 255f, 2 / 255f], [image[1024], image[1025], image[1026]]);
        Assert.Equal([1, 254 / 255f], [image[2048], image[2049]]);
    }

    [Fact]
    public void Cifar100_has_two_labels()
    {
        _tree.File("train.bin", [.. Record([19, 99], 0), .. Record([3, 40], 0)]);

        Assert.Equal([99, 40], Labels(CifarFile.ReadCifar100(_tree.Root, train: true, AsIs)));
        Assert.Equal([19, 3], Labels(CifarFile.ReadCifar100(_tree.Root, train: true, AsIs, coarse: true)));
        Assert.Equal(100, CifarFile.ReadCifar100(_tree.Root, train: true, AsIs).ClassNames.Count);
    }

    [Fact]
    public void Small_images_are_brought_to_a_models_size()
    {
        _tree.File("train.bin", Record([0, 0], red: 255));
        PixelImages set = CifarFile.ReadCifar100(_tree.Root, train: true, Transforms.Vtab(64, Normalization.None));
        float[] image = new float[set.Shape.Floats];

        set.CopyImage(0, image);

        Assert.Equal(new ImageShape(3, 64, 64), set.Shape);
        Assert.All(image[..4096], value => Assert.Equal(1, value));
    }

    [Fact]
    public void Damaged_files_are_named()
    {
        Assert.Contains("cannot be read", Message());
        _tree.File("test_batch", []);
        Assert.Contains("Python version", Message());
        foreach (int length in new[] { 0, 1, 3072, 3074 })
        {
            _tree.File("test_batch.bin", new byte[length]);
            Assert.Contains($"test_batch.bin: {length} bytes are not a whole number of records", Message());
        }

        _tree.File("test_batch.bin", [.. Record([0], 0), .. Record([10], 0)]);
        Assert.Contains("record 1 has label 10", Message());
        _tree.File("test_batch.bin", Record([0], 0)).Text("batches.meta.txt", "a\nb");
        Assert.Contains("2 names for 10 classes", Message());
    }

    public void Dispose() => _tree.Dispose();

    private static byte[] Record(byte[] labels, byte red)
    {
        byte[] planes = new byte[3072];
        for (int i = 0; i < 1024; i++)
            (planes[i], planes[1024 + i], planes[2048 + i]) = (red, (byte)i, (byte)(255 - (i % 256)));
        return [.. labels, .. planes];
    }

    private static IEnumerable<int> Labels(PixelImages set) => Enumerable.Range(0, set.Count).Select(set.Label);

    private string Message() =>
        Assert.Throws<ImageDataException>(() => CifarFile.ReadCifar10(_tree.Root, train: false, AsIs)).Message;
}
