using Study.Report;

namespace VptDsl.Tests.Samples;

/// <summary>The pictures of features must not mix what is apart: that is all that is read from them.</summary>
public class TSneTests
{
    [Fact]
    public void Clusters_that_are_far_apart_stay_apart()
    {
        const int each = 40, dimensions = 8;
        var random = new Random(3);
        float[] points = new float[3 * each * dimensions];
        for (int i = 0; i < points.Length; i++)
        {
            int cluster = i / dimensions / each;
            bool isItsAxis = i % dimensions == cluster;
            points[i] = (isItsAxis ? 20 : 0) + (float)random.NextDouble();
        }

        double[,] places = TSne.Place(points, 3 * each);

        for (int i = 0; i < 3 * each; i++)
        {
            int[] nearest = [.. Enumerable.Range(0, 3 * each).Where(j => j != i).OrderBy(j => Distance(i, j)).Take(each / 2)];
            Assert.All(nearest, j => Assert.Equal(i / each, j / each));
        }

        double Distance(int i, int j) => Math.Pow(places[i, 0] - places[j, 0], 2) + Math.Pow(places[i, 1] - places[j, 1], 2);
    }
}
