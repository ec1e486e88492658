namespace Study.Report;

/// <summary>
/// Draws points of many dimensions in two, so that neighbours stay neighbours: t-SNE (van der Maaten and Hinton, 2008), with all pairs
/// computed, which is fast enough for some hundred points.
/// </summary>
/// <remarks>Written here because no maintained .NET package offers it.</remarks>
internal static class TSne
{
    private const double Perplexity = 30, Exaggeration = 12, LearningRate = 100;
    private const int Iterations = 500, ExaggeratedIterations = 120;

    /// <summary>Places the points; the same points always come out in the same places.</summary>
    /// <param name="points">[points, dimensions].</param>
    /// <param name="count">The number of points.</param>
    /// <returns>[points, 2].</returns>
    public static double[,] Place(float[] points, int count)
    {
        double[,] similar = Similarities(points, count);
        double[,] places = new double[count, 2], velocity = new double[count, 2], gains = new double[count, 2],
            weights = new double[count, count];
        var random = new Random(1);
        for (int i = 0; i < count; i++)
        {
            for (int k = 0; k < 2; k++)
            {
                places[i, k] = 1e-2 * (random.NextDouble() - 0.5);
                gains[i, k] = 1;
            }
        }

        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            double exaggeration = iteration < ExaggeratedIterations ? Exaggeration : 1;
            double momentum = iteration < ExaggeratedIterations ? 0.5 : 0.8;
            Move(similar, places, velocity, gains, weights, exaggeration, momentum);
        }

        return places;
    }

    private static void Move(
        double[,] similar, double[,] places, double[,] velocity, double[,] gains, double[,] weights, double exaggeration, double momentum)
    {
        int count = places.GetLength(0);
        double total = 0;
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < count; j++)
            {
                double dx = places[i, 0] - places[j, 0], dy = places[i, 1] - places[j, 1];
                weights[i, j] = i == j ? 0 : 1 / (1 + (dx * dx) + (dy * dy));
                total += weights[i, j];
            }
        }

        for (int i = 0; i < count; i++)
        {
            double gradientX = 0, gradientY = 0;
            for (int j = 0; j < count; j++)
            {
                double pull = 4 * ((exaggeration * similar[i, j]) - (weights[i, j] / total)) * weights[i, j];
                gradientX += pull * (places[i, 0] - places[j, 0]);
                gradientY += pull * (places[i, 1] - places[j, 1]);
            }

            Step(i, 0, gradientX);
            Step(i, 1, gradientY);
        }

        for (int i = 0; i < count; i++)
        {
            places[i, 0] += velocity[i, 0];
            places[i, 1] += velocity[i, 1];
        }

        void Step(int i, int k, double gradient)
        {
            bool turns = Math.Sign(gradient) == Math.Sign(velocity[i, k]);
            gains[i, k] = Math.Max(0.01, turns ? gains[i, k] * 0.8 : gains[i, k] + 0.2);
            velocity[i, k] = (momentum * velocity[i, k]) - (LearningRate * gains[i, k] * gradient);
        }
    }

    /// <summary>How likely each point would pick another as its neighbour, made symmetric; all pairs together are 1.</summary>
    private static double[,] Similarities(float[] points, int count)
    {
        int dimensions = points.Length / count;
        double[,] similar = new double[count, count];
        double[] distances = new double[count], row = new double[count];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < count; j++)
            {
                double sum = 0;
                for (int k = 0; k < dimensions; k++)
                {
                    double difference = points[(i * dimensions) + k] - points[(j * dimensions) + k];
                    sum += difference * difference;
                }

                distances[j] = sum;
            }

            Neighbours(distances, i, row);
            for (int j = 0; j < count; j++)
            {
                similar[i, j] += row[j] / (2 * count);
                similar[j, i] += row[j] / (2 * count);
            }
        }

        return similar;
    }

    /// <summary>The distribution over a point's neighbours whose entropy is that of <see cref="Perplexity"/> equal ones.</summary>
    private static void Neighbours(double[] distances, int self, double[] row)
    {
        double low = 0, high = double.PositiveInfinity, precision = 1, target = Math.Log(Perplexity);
        double nearest = distances.Where((_, j) => j != self).Min();
        for (int attempt = 0; attempt < 60; attempt++)
        {
            double sum = 0, weighted = 0;
            for (int j = 0; j < distances.Length; j++)
            {
                row[j] = j == self ? 0 : Math.Exp(-precision * (distances[j] - nearest));
                sum += row[j];
                weighted += row[j] * (distances[j] - nearest);
            }

            double entropy = Math.Log(sum) + (precision * weighted / sum);
            for (int j = 0; j < row.Length; j++)
                row[j] /= sum;
            if (Math.Abs(entropy - target) < 1e-5)
                return;
            if (entropy > target)
                low = precision;
            else
                high = precision;
            precision = double.IsInfinity(high) ? precision * 2 : (low + high) / 2;
        }
    }
}
