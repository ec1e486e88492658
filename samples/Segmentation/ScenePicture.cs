using SkiaSharp;
using VptDsl;
using VptDsl.Data;

namespace Segmentation;

/// <summary>
/// A picture of test scenes, a row each: the image, the truth, and what models made of it; below, what each colour stands for.
/// </summary>
internal sealed class ScenePicture
{
    private const int Rows = 5, Zoom = 3, Gap = 4, Side = Zoom * SceneRenderer.Side, Line = 18, Titles = (2 * Line) + Gap, Legend = 40,
        White = 255;
    private const float TextSize = 14;

    // Another than black, which would look as if a model had said nothing.
    private static readonly SKColor Background = new(224, 224, 224);

    private readonly SegmentationSet _scenes;
    private readonly List<(string Title, string Subtitle, SKColor[][] Scenes)> _columns = [];

    public ScenePicture(SegmentationSet scenes)
    {
        _scenes = scenes;
        _columns.Add(("image", "", EachRow(row => Array.ConvertAll(Pixels(row), GreyOf))));
        _columns.Add(("truth", "", EachRow(row => ColoursOf(scenes.LabelMap(row)))));
    }

    /// <summary>Adds a column with what a model sees.</summary>
    public void Add(Scheme scheme, SegmentationTuner tuner) => _columns.Add(
        (scheme.Decoder, scheme.Prompts == "none" ? "no prompts" : $"{scheme.Prompts} prompts", EachRow(row =>
            ColoursOf(tuner.Segment(Pixels(row))))));

    /// <summary>Writes the picture.</summary>
    public void Save(string path)
    {
        var size = new SKSizeI((_columns.Count * (Side + Gap)) - Gap, Titles + (Rows * (Side + Gap)) + Legend);
        using var surface = SKSurface.Create(new SKImageInfo(size.Width, size.Height));
        surface.Canvas.Clear(SKColors.White);
        for (int i = 0; i < _columns.Count; i++)
            Draw(surface.Canvas, i * (Side + Gap), _columns[i]);
        DrawLegend(surface.Canvas, size);
        using SKImage image = surface.Snapshot();
        using SKData png = image.Encode(SKEncodedImageFormat.Png, quality: 100);
        Files.Replace(path, png.AsSpan());
    }

    private static void Draw(SKCanvas canvas, int left, (string Title, string Subtitle, SKColor[][] Scenes) column)
    {
        Write(canvas, column.Title, left, TextSize);
        Write(canvas, column.Subtitle, left, Line + TextSize);
        for (int row = 0; row < Rows; row++)
            Draw(canvas, column.Scenes[row], SceneRenderer.Side, left, Titles + (row * (Side + Gap)));
    }

    /// <summary>A colour is shown in the shape that it stands for, so that the legend can be read where there is no font.</summary>
    private static void DrawLegend(SKCanvas canvas, SKSizeI size)
    {
        const int Mark = 8;
        int width = size.Width / SceneRenderer.Classes, top = size.Height - Legend + (2 * Gap), side = Zoom * Mark;
        for (int label = 0; label < SceneRenderer.Classes; label++)
        {
            var shape = new Shape(Math.Max(0, label - 1), side / 2.0, side / 2.0, side / 2.0, Angle: 0);
            SKColor[] mark = [.. Enumerable.Range(0, side * side).Select(i =>
                label == 0 || shape.Contains(i % side, i / side) ? ColourOf(label) : SKColors.White)];
            Draw(canvas, mark, side, label * width, top, zoom: 1);
            Write(canvas, SceneRenderer.ClassNames[label], (label * width) + side + Gap, top + Line);
        }
    }

    private static void Draw(SKCanvas canvas, SKColor[] pixels, int side, int left, int top, int zoom = Zoom)
    {
        using var bitmap = new SKBitmap(side, side) { Pixels = pixels };
        canvas.DrawBitmap(bitmap, SKRect.Create(left, top, side * zoom, side * zoom));
    }

    private static void Write(SKCanvas canvas, string text, float x, float baseline)
    {
        using var font = new SKFont(SKTypeface.Default, TextSize);
        using var paint = new SKPaint { Color = SKColors.Black, IsAntialias = true };
        canvas.DrawText(text, x, baseline, font, paint);
    }

    private static SKColor[][] EachRow(Func<int, SKColor[]> scene) => [.. Enumerable.Range(0, Rows).Select(scene)];

    private static SKColor[] ColoursOf(LabelMap map) => Array.ConvertAll(map.Labels.ToArray(), ColourOf);

    private static SKColor ColourOf(int label)
    {
        (byte red, byte green, byte blue) = LabelMap.ColourOf(label);
        return label == 0 ? Background : new SKColor(red, green, blue);
    }

    private static SKColor GreyOf(float pixel)
    {
        byte grey = (byte)Math.Clamp(White * ((pixel * Scenes.Normalization.Deviation[0]) + Scenes.Normalization.Mean[0]), 0, White);
        return new SKColor(grey, grey, grey);
    }

    private float[] Pixels(int scene)
    {
        float[] pixels = new float[SceneRenderer.Side * SceneRenderer.Side];
        _scenes.CopyImage(scene, pixels);
        return pixels;
    }
}
