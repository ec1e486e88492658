namespace VptDsl.Devices.Cpu;

/// <summary>Attention that never stores the score matrix.</summary>
internal static unsafe class Attentions
{
    /// <summary>Computes the output and the log-sums.</summary>
    public static void Forward(CpuWorkers workers, in AttentionCall call)
    {
        double scale = 1 / Math.Sqrt(call.HeadDim);
        for (int image = 0; image < call.Images; image++)
        {
            for (int head = 0; head < call.Heads; head++)
            {
                int column = head * call.HeadDim;
                for (int q = 0; q < call.QueryRows; q++)
                {
                    float* query = Row(call.Query, image, q) + column;
                    double max = double.NegativeInfinity;
                    foreach (ref readonly var segment in call.Segments)
                    {
                        for (int t = 0; t < segment.Rows; t++)
                        {
                            max = Math.Max(max, scale * Dot(query, Row(segment.Keys, image, t) + column, call.HeadDim));
                        }
                    }

                    double sum = 0;
                    float* output = Row(call.Output, image, q) + column;
                    new Span<float>(output, call.HeadDim).Clear();
                    foreach (ref readonly var segment in call.Segments)
                    {
                        for (int t = 0; t < segment.Rows; t++)
                        {
                            double p = Math.Exp((scale * Dot(query, Row(segment.Keys, image, t) + column, call.HeadDim)) - max);
                            sum += p;
                            AddScaled(output, p, Row(segment.Values, image, t) + column, call.HeadDim);
                        }
                    }

                    for (int d = 0; d < call.HeadDim; d++)
                    {
                        output[d] = (float)(output[d] / sum);
                    }

                    if (call.LogSum.IsPresent)
                    {
                        Row(call.LogSum, image, q)[head] = (float)(max + Math.Log(sum));
                    }
                }
            }
        }
    }

    /// <summary>Computes the gradients that the call has places for.</summary>
    public static void Backward(CpuWorkers workers, in AttentionGradientCall call)
    {
        double scale = 1 / Math.Sqrt(call.HeadDim);
        Clear(call.QueryGradient, call.Images, call.QueryRows, call.Heads * call.HeadDim);
        foreach (ref readonly var segment in call.Segments)
        {
            Clear(segment.KeyGradient, call.Images, segment.Rows, call.Heads * call.HeadDim);
            Clear(segment.ValueGradient, call.Images, segment.Rows, call.Heads * call.HeadDim);
        }

        for (int image = 0; image < call.Images; image++)
        {
            for (int head = 0; head < call.Heads; head++)
            {
                int column = head * call.HeadDim;
                for (int q = 0; q < call.QueryRows; q++)
                {
                    float* query = Row(call.Query, image, q) + column;
                    float* dOutput = Row(call.OutputGradient, image, q) + column;
                    double delta = Dot(dOutput, Row(call.Output, image, q) + column, call.HeadDim);
                    double logSum = Row(call.LogSum, image, q)[head];
                    foreach (ref readonly var segment in call.Segments)
                    {
                        for (int t = 0; t < segment.Rows; t++)
                        {
                            float* key = Row(segment.Keys, image, t) + column;
                            double p = Math.Exp((scale * Dot(query, key, call.HeadDim)) - logSum);
                            double ds = p * (Dot(dOutput, Row(segment.Values, image, t) + column, call.HeadDim) - delta) * scale;
                            if (call.QueryGradient.IsPresent)
                            {
                                AddScaled(Row(call.QueryGradient, image, q, call.Query) + column, ds, key, call.HeadDim);
                            }

                            if (segment.KeyGradient.IsPresent)
                            {
                                AddScaled(Row(segment.KeyGradient, image, t, segment.Keys) + column, ds, query, call.HeadDim);
                            }

                            if (segment.ValueGradient.IsPresent)
                            {
                                AddScaled(Row(segment.ValueGradient, image, t, segment.Values) + column, p, dOutput, call.HeadDim);
                            }
                        }
                    }
                }
            }
        }
    }

    private static float* Row(in Matrix matrix, int image, int row) => matrix.Image(image) + (row * matrix.RowStride);

    private static float* Row(in Matrix gradient, int image, int row, in Matrix operand) =>
        Row(gradient, operand.ImageStride == 0 ? 0 : image, row);

    private static void Clear(in Matrix gradient, int images, int rows, int columns)
    {
        for (int r = 0; gradient.IsPresent && r < images * rows; r++)
        {
            new Span<float>(Row(gradient, gradient.ImageStride == 0 ? 0 : r / rows, r % rows), columns).Clear();
        }
    }

    private static double Dot(float* a, float* b, int count)
    {
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum += (double)a[i] * b[i];
        }

        return sum;
    }

    private static void AddScaled(float* sum, double factor, float* term, int count)
    {
        for (int i = 0; i < count; i++)
        {
            sum[i] += (float)(factor * term[i]);
        }
    }
}
