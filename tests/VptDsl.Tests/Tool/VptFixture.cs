using SkiaSharp;
using VptDsl.Tests.Weights;

namespace VptDsl.Tests.Tool;

/// <summary>A folder with a few images of two classes, and how to train on it.</summary>
public sealed class VptFixture : IDisposable
{
    private const int Side = 28, PerClass = 6;

    private readonly TempFolder _folder = new();

    public VptFixture()
    {
        foreach (string name in (string[])["bright", "dark [x]"])
        {
            string folder = Directory.CreateDirectory(Path($"images/{name}")).FullName;
            for (int i = 0; i < PerClass; i++)
            {
                using var bitmap = new SKBitmap(Side, Side, SKColorType.Gray8, SKAlphaType.Opaque);
                bitmap.GetPixelSpan().Fill((byte)((name == "bright" ? 200 : 40) + i));
                using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
                File.WriteAllBytes(System.IO.Path.Combine(folder, $"{i}.png"), png.ToArray());
            }
        }
    }

    public string Path(string name) => _folder.Path(name);

    /// <summary>The command that trains on the images, and writes a task.</summary>
    public string[] Train(string task, int epochs, params string[] more) =>
    [
        "train", "--backbone", VptProcess.Backbone, "--prompts", "none", "--images", Path("images"), "--task", Path(task),
        "--device", "cpu",
        "--transforms", "vtab", "--epochs", $"{epochs}", .. more,
    ];

    public void Dispose() => _folder.Dispose();
}
