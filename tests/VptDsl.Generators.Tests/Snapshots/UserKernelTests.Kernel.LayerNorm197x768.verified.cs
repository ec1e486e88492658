
    /// <summary>y [batch, 197, 768], statistics [batch, 197, 2] = LayerNorm(x). 128 threads for a row.</summary>
    public static void LayerNorm197x768_e0999d21(int batch, ArrayView<float> x, ArrayView<float> gamma, ArrayView<float> beta, ArrayView<float> y, ArrayView<float> statistics)
    {
        ArrayView<float> means = SharedMemory.Allocate<float>(128);
        ArrayView<float> variances = SharedMemory.Allocate<float>(128);
        int lane = Group.IdxX, first = 0, thread = lane;
        int image = Grid.IdxX / 197, row = Grid.IdxX % 197;
        float mean = 0;
        for (int column = lane; column < 768; column += 128)
            mean += x[image * 151296L + row * 768 + column];
        means[thread] = mean;
        Group.Barrier();
        for (int half = 64; half > 0; half /= 2)
        {
            if (lane < half)
            {
                means[thread] += means[thread + half];
            }
            Group.Barrier();
        }
        mean = means[first];
        mean /= 768;

        float variance = 0;
        for (int column = lane; column < 768; column += 128)
        {
            float difference = x[image * 151296L + row * 768 + column] - mean;
            variance += difference * difference;
        }
        variances[thread] = variance;
        Group.Barrier();
        for (int half = 64; half > 0; half /= 2)
        {
            if (lane < half)
            {
                variances[thread] += variances[thread + half];
            }
            Group.Barrier();
        }
        variance = variances[first];
        variance /= 768;

        float scale = 1 / XMath.Sqrt(variance + 1E-06f);
        for (int column = lane; column < 768; column += 128)
            y[image * 151296L + row * 768 + column] = (x[image * 151296L + row * 768 + column] - mean) * scale * gamma[column] + beta[column];
        if (lane == 0)
        {
            statistics[image * 394L + row * 2] = mean;
            statistics[image * 394L + row * 2 + 1] = scale;
        }
    }
