using SkiaSharp;
using VptDsl.Data;
using VptDsl.Testing.Documentation;
using VptDsl.Tests.Weights;

namespace VptDsl.Tests.Documentation;

/// <summary>Protects who lays files out as a page shows it (<c>files</c>): the reader of such sets finds them all.</summary>
public sealed class LayoutBlockTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_layout_of_pictures_and_label_maps_is_read()
    {
        MarkdownBlock block = RepositoryFiles.Guides.SelectMany(MarkdownBlock.Of).Single(block => block.Language == "files");
        string[] files = block.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        Assert.All(files, Write);
        string[] parts = [.. files.Select(file => file.Split('/')[1]).Distinct()];
        SegmentationImages[] sets =
        [
            .. parts.Select(part => SegmentationFolder.Read(
                _folder.Root, part, new ImagePipeline(Normalization.ImageNet).Resize(8), ["ground", "sky"])),
        ];

        Assert.Equal("docs/segmentation.md", block.Page);
        Assert.Equal(files.Length, 2 * sets.Sum(set => set.Count));
        Assert.All(sets, set => set.CopyImage(0, new float[set.Shape.Floats]));
        Assert.All(sets, set => Assert.Empty(set.PassedOver));
    }

    private void Write(string file)
    {
        using var bitmap = new SKBitmap(8, 8, SKColorType.Gray8, SKAlphaType.Opaque);
        bitmap.GetPixelSpan().Fill(1);
        using SKData data = bitmap.Encode(file.EndsWith(".png") ? SKEncodedImageFormat.Png : SKEncodedImageFormat.Jpeg, quality: 100);
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.Path(file))!);
        _folder.Write(file, data.ToArray());
    }
}
