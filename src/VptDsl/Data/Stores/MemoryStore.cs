using VptDsl.Data.Pixels;

namespace VptDsl.Data.Stores;

/// <summary>Images of one size in memory, as bytes.</summary>
/// <param name="origin">The file or folder they come from, for messages.</param>
/// <param name="shape">The shape of each image: one channel or three.</param>
/// <param name="pixels">[images, channels, height, width].</param>
/// <param name="labels">The class of each image.</param>
/// <param name="classNames">The name of each class.</param>
internal sealed class MemoryStore(
    string origin, ImageShape shape, byte[] pixels, int[] labels, IReadOnlyList<string> classNames) : IPixelStore
{
    public int Count => labels.Length;

    public IReadOnlyList<string> ClassNames => classNames;

    public int Label(int index) => labels[index];

    public PixelImage Load(int index)
    {
        ReadOnlySpan<byte> planes = pixels.AsSpan(index * shape.Floats, shape.Floats);
        var image = new PixelImage(shape.Width, shape.Height);
        Span<byte> bytes = image.Bytes;
        for (int channel = 0; channel < 3; channel++)
        {
            ReadOnlySpan<byte> plane = planes.Slice(shape.Channels == 1 ? 0 : channel * shape.PlaneFloats, shape.PlaneFloats);
            for (int i = 0; i < plane.Length; i++)
                bytes[(i * PixelImage.PixelBytes) + channel] = plane[i];
        }

        return image;
    }

    public string NameOf(int index) => $"{origin}, image {index}";

    public ImageDataException Unfit(int index, InvalidDataException cause) => new(
        origin, $"the pipeline does not fit image {index}: {cause.Message}", "Change the pipeline.", innerException: cause);
}
