using VptDsl;
using VptDsl.Data;

namespace Segmentation;

/// <summary>A picture of test scenes, a row each: the image, the truth, and what models made of it.</summary>
internal sealed class ScenePicture
{
    private const int Rows = 5, Zoom = 3, Gap = 4, Colours = 256, White = 255;

    private readonly SegmentationSet _scenes;
    private readonly List<Func<int, LabelMap>> _columns = [];

    public ScenePicture(SegmentationSet scenes)
    {
        _scenes = scenes;
        _columns.Add(Greys);
        _columns.Add(i => Coloured(scenes.LabelMap(i)));
    }

    /// <summary>Adds a column with what a model sees.</summary>
    public void Add(SegmentationTuner tuner)
    {
        LabelMap[] maps = [.. Enumerable.Range(0, Rows).Select(i => Coloured(tuner.Segment(Pixels(i))))];
        _columns.Add(i => maps[i]);
    }

    /// <summary>Writes the picture.</summary>
    public void Save(string path)
    {
        int step = (Zoom * SceneRenderer.Side) + Gap, width = (_columns.Count * step) - Gap, height = (Rows * step) - Gap;
        int[] canvas = new int[width * height];
        Array.Fill(canvas, White);
        for (int column = 0; column < _columns.Count; column++)
        {
            for (int row = 0; row < Rows; row++)
            {
                LabelMap map = _columns[column](row);
                for (int y = 0; y < step - Gap; y++)
                {
                    for (int x = 0; x < step - Gap; x++)
                        canvas[(((row * step) + y) * width) + (column * step) + x] = map[y / Zoom, x / Zoom];
                }
            }
        }

        new LabelMap(height, width, canvas).SavePicture(path, ColourOf);
    }

    /// <summary>Greys stand for themselves, and classes come after them.</summary>
    private static (byte Red, byte Green, byte Blue) ColourOf(int value) =>
        value < Colours ? ((byte)value, (byte)value, (byte)value) : LabelMap.ColourOf(value - Colours);

    private static LabelMap Coloured(LabelMap map)
    {
        int[] labels = [.. map.Labels];
        return new LabelMap(map.Height, map.Width, Array.ConvertAll(labels, l => Colours + l));
    }

    private LabelMap Greys(int scene) =>
        new(SceneRenderer.Side, SceneRenderer.Side, Array.ConvertAll(Pixels(scene), p => (int)Math.Clamp(Brightness(p), 0, White)));

    private static double Brightness(float pixel) =>
        White * ((pixel * Scenes.Normalization.Deviation[0]) + Scenes.Normalization.Mean[0]);

    private float[] Pixels(int scene)
    {
        float[] pixels = new float[SceneRenderer.Side * SceneRenderer.Side];
        _scenes.CopyImage(scene, pixels);
        return pixels;
    }
}
