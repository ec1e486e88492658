namespace VptDsl.Tests.Cpu;

/// <summary>Attention and its gradients in double precision, one number at a time.</summary>
internal sealed class AttentionReference
{
    private readonly Operand _query;
    private readonly Operand? _bias;
    private readonly (Operand Keys, Operand Values)[] _segments;
    private readonly int _headDim;
    private readonly double _scale;
    private readonly int _queryRows;

    public AttentionReference(
        int images, int heads, int headDim, Operand query, (Operand Keys, Operand Values)[] segments, Operand? bias, Operand? dOutput)
    {
        (_headDim, _query, _segments, _bias, _queryRows) = (headDim, query, segments, bias, query.RowsPerImage);
        _scale = 1 / Math.Sqrt(headDim);
        Output = new double[images * _queryRows, heads * headDim];
        LogSum = new double[images * _queryRows, heads];
        QueryGradient = new double[query.Images * _queryRows, heads * headDim];
        KeyGradients = [.. segments.Select(s => new double[s.Keys.Images * s.Keys.RowsPerImage, heads * headDim])];
        ValueGradients = [.. segments.Select(s => new double[s.Values.Images * s.Values.RowsPerImage, heads * headDim])];
        BiasGradient = new double[_queryRows, heads * segments[0].Keys.RowsPerImage];
        for (int image = 0; image < images; image++)
        {
            for (int row = 0; row < _queryRows; row++)
            {
                for (int head = 0; head < heads; head++)
                {
                    Run(image, row, head, dOutput);
                }
            }
        }
    }

    public double[,] Output { get; }

    public double[,] LogSum { get; }

    public double[,] QueryGradient { get; }

    public double[][,] KeyGradients { get; }

    public double[][,] ValueGradients { get; }

    public double[,] BiasGradient { get; }

    private static int RowOf(Operand operand, int image, int row) => (operand.Images == 1 ? 0 : image * operand.RowsPerImage) + row;

    private void Run(int image, int row, int head, Operand? dOutput)
    {
        int column = head * _headDim;
        int query = RowOf(_query, image, row);
        int output = (image * _queryRows) + row;
        var exponentials = new List<(int Segment, int Token, double Score)>();
        for (int segment = 0; segment < _segments.Length; segment++)
        {
            var keys = _segments[segment].Keys;
            for (int token = 0; token < keys.RowsPerImage; token++)
            {
                double bias = segment == 0 && _bias != null ? _bias[row, (head * keys.RowsPerImage) + token] : 0;
                exponentials.Add((segment, token, (_scale * Dot(_query, query, keys, RowOf(keys, image, token), column)) + bias));
            }
        }

        double max = exponentials.Max(e => e.Score);
        double logSum = max + Math.Log(exponentials.Sum(e => Math.Exp(e.Score - max)));
        LogSum[output, head] = logSum;
        foreach (var (segment, token, score) in exponentials)
        {
            var values = _segments[segment].Values;
            for (int d = column; d < column + _headDim; d++)
            {
                Output[output, d] += Math.Exp(score - logSum) * values[RowOf(values, image, token), d];
            }
        }

        if (dOutput == null)
        {
            return;
        }

        double delta = Enumerable.Range(column, _headDim).Sum(d => Output[output, d] * dOutput[output, d]);
        foreach (var (segment, token, score) in exponentials)
        {
            var (keys, values) = _segments[segment];
            int key = RowOf(keys, image, token);
            int value = RowOf(values, image, token);
            double p = Math.Exp(score - logSum);
            double ofScore = p * (Dot(dOutput, output, values, value, column) - delta), ds = ofScore * _scale;
            if (segment == 0)
            {
                BiasGradient[row, (head * keys.RowsPerImage) + token] += ofScore;
            }

            for (int d = column; d < column + _headDim; d++)
            {
                QueryGradient[query, d] += ds * keys[key, d];
                KeyGradients[segment][key, d] += ds * _query[query, d];
                ValueGradients[segment][value, d] += p * dOutput[output, d];
            }
        }
    }

    private double Dot(Operand left, int leftRow, Operand right, int rightRow, int column)
    {
        double sum = 0;
        for (int d = column; d < column + _headDim; d++)
        {
            sum += (double)left[leftRow, d] * right[rightRow, d];
        }

        return sum;
    }
}
