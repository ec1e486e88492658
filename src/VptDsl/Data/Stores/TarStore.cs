using System.Buffers;
using VptDsl.Data.Pixels;

namespace VptDsl.Data.Stores;

/// <summary>Images in tar files, read where they lie and decoded whenever they are read.</summary>
internal sealed class TarStore(TarredImage[] images, IReadOnlyList<string> classNames) : IPixelStore
{
    public int Count => images.Length;

    public IReadOnlyList<string> ClassNames => classNames;

    public int Label(int index) => images[index].Label;

    public PixelImage Load(int index)
    {
        TarredImage image = images[index];
        byte[] content = ArrayPool<byte>.Shared.Rent(image.Length);
        try
        {
            Span<byte> bytes = content.AsSpan(0, image.Length);
            using (FileStream shard = TarIndex.Open(image.Shard))
            {
                shard.Position = image.Offset;
                bytes = bytes[..shard.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
            }

            return ImageFileReader.Decode(bytes, image.Place);
        }
        catch (Exception e) when (e is (IOException and not ImageDataException) or UnauthorizedAccessException)
        {
            throw TarIndex.Unreadable(image.Place, e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(content);
        }
    }

    public string NameOf(int index) => images[index].Place;

    public ImageDataException Unfit(int index, InvalidDataException cause) =>
        ImageFileReader.Unfit(images[index].Place, list: null, entry: null, cause);
}
