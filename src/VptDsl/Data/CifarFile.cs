using System.Text;
using VptDsl.Data.Stores;

namespace VptDsl.Data;

/// <summary>Reads the binary versions of CIFAR-10 and CIFAR-100: colour images of 32×32 pixels.</summary>
/// <remarks>
/// A record is one label byte (CIFAR-100: two, coarse and fine) and 3,072 bytes, the red, green and blue plane. A whole set stays in
/// memory, at most 150 MB.
/// </remarks>
public static class CifarFile
{
    private const int Side = 32;
    private const int PixelBytes = 3 * Side * Side;
    private const int MaximumRecords = 1_000_000;

    private static readonly string[] TrainBatches = [.. Enumerable.Range(1, 5).Select(number => $"data_batch_{number}.bin")];

    /// <summary>Reads CIFAR-10.</summary>
    /// <param name="folder">The folder <c>cifar-10-batches-bin</c>.</param>
    /// <param name="train">The 50,000 training images, or the 10,000 test images.</param>
    /// <param name="pipeline">What happens to each image, for instance <see cref="Transforms.Vtab"/>.</param>
    /// <exception cref="ImageDataException">A file is missing or broken.</exception>
    public static PixelImages ReadCifar10(string folder, bool train, ImagePipeline pipeline) => Read(
        folder, train ? TrainBatches : ["test_batch.bin"], labelBytes: 1, labelByte: 0, "batches.meta.txt", classes: 10, pipeline);

    /// <summary>Reads CIFAR-100 with its fine or its coarse labels.</summary>
    /// <param name="folder">The folder <c>cifar-100-binary</c>.</param>
    /// <param name="train">The 50,000 training images, or the 10,000 test images.</param>
    /// <param name="pipeline">What happens to each image, for instance <see cref="Transforms.Vtab"/>.</param>
    /// <param name="coarse">The 20 groups of classes instead of the 100 classes.</param>
    /// <exception cref="ImageDataException">A file is missing or broken.</exception>
    public static PixelImages ReadCifar100(string folder, bool train, ImagePipeline pipeline, bool coarse = false) => Read(
        folder, [train ? "train.bin" : "test.bin"], labelBytes: 2, labelByte: coarse ? 0 : 1,
        coarse ? "coarse_label_names.txt" : "fine_label_names.txt", classes: coarse ? 20 : 100, pipeline);

    private static PixelImages Read(
        string folder, string[] files, int labelBytes, int labelByte, string namesFile, int classes, ImagePipeline pipeline)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(pipeline);
        int recordBytes = labelBytes + PixelBytes;
        byte[][] contents = [.. files.Select(file => ReadRecords(Path.Combine(folder, file), recordBytes))];
        int count = contents.Sum(content => content.Length / recordBytes);
        byte[] pixels = new byte[(long)count * PixelBytes];
        int[] labels = new int[count];
        int image = 0;
        for (int file = 0; file < files.Length; file++)
        {
            for (int start = 0; start < contents[file].Length; start += recordBytes, image++)
            {
                labels[image] = contents[file][start + labelByte];
                if (labels[image] >= classes)
                    throw WrongLabel(Path.Combine(folder, files[file]), start / recordBytes, labels[image], classes);
                contents[file].AsSpan(start + labelBytes, PixelBytes).CopyTo(pixels.AsSpan(image * PixelBytes));
            }
        }

        string[] names = ReadNames(Path.Combine(folder, namesFile), classes);
        return new PixelImages(new MemoryStore(folder, new ImageShape(3, Side, Side), pixels, labels, names), pipeline);
    }

    private static byte[] ReadRecords(string path, int recordBytes)
    {
        const string fetch = "Fetch the binary version of the set again.";
        try
        {
            using FileStream file = PlainFile.Open(path);
            if (file.Length == 0 || file.Length % recordBytes != 0 || file.Length / recordBytes > MaximumRecords / TrainBatches.Length)
            {
                throw new ImageDataException(
                    path, $"{file.Length} bytes are not a whole number of records of {recordBytes} bytes (at least 1, " +
                    $"at most {MaximumRecords / TrainBatches.Length})", fetch);
            }

            byte[] content = new byte[file.Length];
            file.ReadExactly(content);
            return content;
        }
        catch (Exception e) when (e is (IOException and not ImageDataException) or UnauthorizedAccessException)
        {
            bool isPickled = File.Exists(Path.ChangeExtension(path, null));
            throw new ImageDataException(
                path, $"the file cannot be read ({e.Message.TrimEnd('.')})",
                isPickled ? "The folder holds the Python version of the set; fetch the binary version." : fetch, innerException: e);
        }
    }

    private static ImageDataException WrongLabel(string path, int record, int label, int classes) => new(
        path, $"record {record} has label {label}, but the labels are 0 to {classes - 1}",
        "Check that it is a file of this set (CIFAR-100 has two label bytes a record, CIFAR-10 one), or fetch it again.");

    private static string[] ReadNames(string path, int classes)
    {
        if (!File.Exists(path) || new FileInfo(path).Length > 1 << 16)
            return ListFile.NumberNames(classes);
        string[] names = [.. File.ReadLines(path, Encoding.UTF8).Select(line => line.Trim()).Where(line => line.Length > 0)];
        return names.Length == classes
            ? names
            : throw new ImageDataException(path, $"{names.Length} names for {classes} classes", "Fetch the file again or take it out.");
    }
}
