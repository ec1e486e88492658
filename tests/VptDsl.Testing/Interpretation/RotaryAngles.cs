using VptDsl.Compiler.Graph;
using VptDsl.Programs;

namespace VptDsl.Testing.Interpretation;

/// <summary>The tables of rotary positions as their papers' codes define them, in double precision.</summary>
internal static class RotaryAngles
{
    /// <summary>[patches, 2 * head]: cosine - 1, then the sine that the partner is taken with.</summary>
    public static double[] Table(Parameter table)
    {
        bool isInterleaved = table.Initializer.Distribution == Distribution.RotaryPairs;
        int rows = table.TensorShape[0], columns = table.TensorShape[1], head = table.TensorShape[2] / 2, m = head / 4;
        var values = new List<double>();
        for (int r = 0; r < rows; r++)
        {
            for (int s = 0; s < columns; s++)
            {
                double[] angles = isInterleaved
                    ? [.. Axial((double)r / rows), .. Axial((double)s / columns)]
                    : [.. Centred(r, rows), .. Centred(s, columns)];
                int[] pairs = [.. Enumerable.Range(0, head).Select(k => isInterleaved ? k / 2 : k % (head / 2))];
                values.AddRange(pairs.Select(pair => Math.Cos(angles[pair]) - 1));
                values.AddRange(pairs.Select((pair, k) =>
                    (isInterleaved ? k % 2 == 0 : k < head / 2) ? -Math.Sin(angles[pair]) : Math.Sin(angles[pair])));
            }
        }

        return [.. values];

        IEnumerable<double> Centred(int place, int count) => Enumerable.Range(0, m).Select(j =>
            2 * Math.PI * ((2 * (place + 0.5) / count) - 1) / Math.Pow(table.Initializer.Value, (double)j / m));

        IEnumerable<double> Axial(double share) =>
            Enumerable.Range(0, m).Select(j => share * table.Initializer.Value * Math.Pow(10000, -(double)j / m));
    }
}
