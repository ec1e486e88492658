using System.Buffers.Binary;
using System.IO.Compression;
using VptDsl.Data.Stores;

namespace VptDsl.Data;

/// <summary>Reads the IDX files that MNIST and its kin come in, plain or gzipped.</summary>
/// <remarks>
/// The format: two zero bytes, the element type (only 8, unsigned bytes, is read), the number of dimensions, each dimension as a
/// big-endian 32-bit number, then the elements, the last dimension running fastest.
/// </remarks>
public static class IdxFile
{
    /// <summary>The most elements a file may have: 1 GiB.</summary>
    public const int MaximumBytes = 1 << 30;

    private const int MaximumRank = 4;
    private const byte UnsignedByte = 8;

    /// <summary>Reads grey images and their labels.</summary>
    /// <param name="imagesPath">An IDX file of bytes [images, height, width]; gzip is recognised by content.</param>
    /// <param name="labelsPath">An IDX file of bytes [images].</param>
    /// <param name="normalization">
    /// Applied when an image is read. With three channels each image becomes a colour image with equal channels.
    /// </param>
    /// <param name="classNames">The name of each class. Left out: the labels themselves, 0 to the highest in the file.</param>
    /// <exception cref="IOException">A file cannot be opened or read.</exception>
    /// <exception cref="InvalidDataException">
    /// A file is damaged or not what it should be; the message names it and says what is wrong.
    /// </exception>
    public static ImageSet ReadImages(
        string imagesPath, string labelsPath, Normalization normalization, IReadOnlyList<string>? classNames = null)
    {
        ArgumentNullException.ThrowIfNull(imagesPath);
        ArgumentNullException.ThrowIfNull(labelsPath);
        ArgumentNullException.ThrowIfNull(normalization);
        Content content = ReadContent(imagesPath, labelsPath, classNames);
        return ImageSet.FromGrayBytes(content.Height, content.Width, content.Pixels, content.Labels, content.ClassNames, normalization);
    }

    /// <summary>Reads grey images and their labels for a model that takes larger ones, or colour.</summary>
    /// <param name="imagesPath">An IDX file of bytes [images, height, width]; gzip is recognised by content.</param>
    /// <param name="labelsPath">An IDX file of bytes [images].</param>
    /// <param name="pipeline">What happens to each image, for instance <see cref="Transforms.Vtab"/>.</param>
    /// <param name="classNames">The name of each class. Left out: the labels themselves, 0 to the highest in the file.</param>
    /// <exception cref="IOException">A file cannot be opened or read.</exception>
    /// <exception cref="InvalidDataException">
    /// A file is damaged or not what it should be; the message names it and says what is wrong.
    /// </exception>
    public static PixelImages ReadImages(
        string imagesPath, string labelsPath, ImagePipeline pipeline, IReadOnlyList<string>? classNames = null)
    {
        ArgumentNullException.ThrowIfNull(imagesPath);
        ArgumentNullException.ThrowIfNull(labelsPath);
        ArgumentNullException.ThrowIfNull(pipeline);
        Content content = ReadContent(imagesPath, labelsPath, classNames);
        var shape = new ImageShape(1, content.Height, content.Width);
        return new PixelImages(new MemoryStore(imagesPath, shape, content.Pixels, content.Labels, content.ClassNames), pipeline);
    }

    private static Content ReadContent(string imagesPath, string labelsPath, IReadOnlyList<string>? classNames)
    {
        if (classNames is not null)
            ClassList.Require(classNames, nameof(classNames));
        (int[] imageDimensions, byte[] pixels) = Read(imagesPath, rank: 3, "grey images [images, height, width]");
        (int[] labelDimensions, byte[] labelBytes) = Read(labelsPath, rank: 1, "labels [images]");
        if (imageDimensions[0] != labelDimensions[0])
        {
            throw new InvalidDataException(
                $"{imagesPath} has {imageDimensions[0]} images, but {labelsPath} has {labelDimensions[0]} labels: " +
                "they do not belong together.");
        }

        int[] labels = Array.ConvertAll(labelBytes, label => (int)label);
        int highest = labels.Length == 0 ? -1 : labels.Max();
        if (classNames is not null && highest >= classNames.Count)
        {
            throw new InvalidDataException(
                $"{labelsPath}: image {Array.IndexOf(labels, highest)} has label {highest}, " +
                $"but the {classNames.Count} classes named have labels 0 to {classNames.Count - 1}.");
        }

        classNames ??= ListFile.NumberNames(highest + 1);
        return new Content(imageDimensions[1], imageDimensions[2], pixels, labels, classNames);
    }

    private static (int[] Dimensions, byte[] Elements) Read(string path, int rank, string expected)
    {
        using FileStream file = PlainFile.Open(path);
        try
        {
            using Stream content = IsGzip(file) ? new GZipStream(file, CompressionMode.Decompress) : file;
            int[] dimensions = ReadHeader(path, content, rank, expected);
            return (dimensions, ReadElements(path, content, CountElements(path, dimensions)));
        }
        catch (InvalidDataException e) when (!e.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{path}: the gzip data are damaged or cut off ({e.Message}). Fetch the file again.", e);
        }
    }

    private static bool IsGzip(FileStream file)
    {
        Span<byte> magic = stackalloc byte[2];
        int read = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false);
        file.Position = 0;
        return read == 2 && magic[0] == 0x1F && magic[1] == 0x8B;
    }

    private static int[] ReadHeader(string path, Stream content, int rank, string expected)
    {
        Span<byte> header = stackalloc byte[4 + (4 * MaximumRank)];
        ReadHeaderBytes(path, content, header[..4]);
        if (header[0] != 0 || header[1] != 0)
        {
            throw new InvalidDataException(
                $"{path}: not an IDX file, which starts with two zero bytes; this one starts with {header[0]} and {header[1]}.");
        }

        if (header[2] != UnsignedByte)
            throw new InvalidDataException($"{path}: elements of IDX type 0x{header[2]:X2}; only unsigned bytes, 0x08, are read.");
        if (header[3] != rank)
        {
            throw new InvalidDataException(
                $"{path}: {header[3]} dimension(s) where {expected} have {rank}. Are the images' and the labels' file swapped?");
        }

        ReadHeaderBytes(path, content, header.Slice(4, 4 * rank));
        int[] dimensions = new int[rank];
        for (int i = 0; i < rank; i++)
        {
            uint dimension = BinaryPrimitives.ReadUInt32BigEndian(header.Slice(4 + (4 * i), 4));
            // No images is an empty set; images without pixels are nonsense.
            if (dimension > MaximumBytes || (dimension == 0 && i > 0))
                throw new InvalidDataException($"{path}: dimension {i} is {dimension}; it must be {(i > 0 ? 1 : 0)} to {MaximumBytes}.");
            dimensions[i] = (int)dimension;
        }

        return dimensions;
    }

    private static void ReadHeaderBytes(string path, Stream content, Span<byte> header)
    {
        if (content.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length)
            throw new InvalidDataException($"{path}: ends within the header. Fetch the file again.");
    }

    private static int CountElements(string path, int[] dimensions)
    {
        long count = 1;
        foreach (int dimension in dimensions)
        {
            count *= dimension;
            if (count > MaximumBytes)
            {
                throw new InvalidDataException(
                    $"{path}: the header claims {string.Join(" × ", dimensions)} elements; at most {MaximumBytes} are read. " +
                    "Split the file.");
            }
        }

        return (int)count;
    }

    private static byte[] ReadElements(string path, Stream content, int count)
    {
        // Memory grows with what is really there, not with what the header claims.
        byte[] elements = new byte[Math.Min(count, 1 << 20)];
        int filled = 0;
        while (filled < count)
        {
            if (filled == elements.Length)
                Array.Resize(ref elements, (int)Math.Min(count, elements.Length * 2L));
            int read = content.Read(elements, filled, elements.Length - filled);
            if (read == 0)
            {
                throw new InvalidDataException(
                    $"{path}: the header promises {count} elements, but the file ends after {filled}. Fetch the file again.");
            }

            filled += read;
        }

        if (content.ReadByte() >= 0)
            throw new InvalidDataException($"{path}: more data follow after the {count} elements that the header promises.");
        return elements;
    }

    private sealed record Content(int Height, int Width, byte[] Pixels, int[] Labels, IReadOnlyList<string> ClassNames);
}
