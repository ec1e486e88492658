using VptDsl.Data;

namespace Segmentation;

/// <summary>Draws scenes: turned shapes on textures, with the shape that each pixel belongs to.</summary>
/// <remarks>
/// Neither grey nor texture gives a class away: shapes and backgrounds are filled alike, only never with the same mean grey in one
/// scene. What a pixel belongs to can only be told from the outline around it.
/// </remarks>
internal static class SceneRenderer
{
    /// <summary>Height and width of a scene.</summary>
    public const int Side = 40;

    /// <summary>The background and five shapes.</summary>
    public const int Classes = 6;

    private const int MostShapes = 4, SmallestRadius = 7, LargestRadius = 11;

    public static IReadOnlyList<string> ClassNames { get; } = ["background", .. Shape.Names];

    /// <summary>Draws scenes.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">The same seed gives the same scenes.</param>
    /// <param name="normalization">That of the backbone's images.</param>
    public static SegmentationSet Draw(int count, int seed, Normalization normalization)
    {
        var random = new Random(seed);
        byte[] pixels = new byte[count * Side * Side], labels = new byte[pixels.Length];
        for (int i = 0; i < count; i++)
            Draw(pixels.AsSpan(i * Side * Side, Side * Side), labels.AsSpan(i * Side * Side, Side * Side), random);
        return SegmentationSet.FromBytes(new ImageShape(1, Side, Side), pixels, labels, ClassNames, normalization);
    }

    private static void Draw(Span<byte> scene, Span<byte> map, Random random)
    {
        Texture background = Texture.Draw(random, unlike: null);
        List<Shape> shapes = Arrange(random);
        List<Texture> fills = shapes.ConvertAll(_ => Texture.Draw(random, background));
        for (int i = 0; i < scene.Length; i++)
        {
            (int x, int y) = (i % Side, i / Side);
            int shape = shapes.FindIndex(s => s.Contains(x, y));
            map[i] = (byte)(shape < 0 ? 0 : shapes[shape].Kind + 1);
            scene[i] = (shape < 0 ? background : fills[shape]).At(x, y, random);
        }
    }

    /// <summary>Shapes that do not touch each other; they may reach over the scene's edge.</summary>
    private static List<Shape> Arrange(Random random)
    {
        int wanted = random.Next(1, MostShapes + 1);
        var shapes = new List<Shape>();
        for (int attempt = 0; attempt < 50 && shapes.Count < wanted; attempt++)
        {
            var shape = new Shape(
                random.Next(Shape.Names.Count), Side * random.NextDouble(), Side * random.NextDouble(),
                SmallestRadius + ((LargestRadius - SmallestRadius) * random.NextDouble()), 2 * Math.PI * random.NextDouble());
            bool isInside = Math.Min(Math.Min(shape.X, shape.Y), Side - Math.Max(shape.X, shape.Y)) >= SmallestRadius;
            if (isInside && shapes.TrueForAll(s => Math.Sqrt(Square(s.X - shape.X) + Square(s.Y - shape.Y)) > s.Radius + shape.Radius))
                shapes.Add(shape);
        }

        return shapes;

        static double Square(double x) => x * x;
    }
}
