
    /// <summary>y [batch, 197, 768], statistics [batch, 197, 2] = LayerNorm(x). 32 threads for each of 4 rows.</summary>
    public static void LayerNorm197x768_1e43eeb8(int batch, ArrayView<float> x, ArrayView<float> gamma, ArrayView<float> beta, ArrayView<float> y, ArrayView<float> statistics)
    {
        ArrayView<Float4> meansFours = SharedMemory.Allocate<Float4>(32);
        ArrayView<float> means = meansFours.Cast<float>();
        ArrayView<Float4> variancesFours = SharedMemory.Allocate<Float4>(32);
        ArrayView<float> variances = variancesFours.Cast<float>();
        int lane = Group.IdxX, first = Group.IdxY * 32, thread = first + lane;
        int line = Grid.IdxX * 4 + Group.IdxY, rows = 197 * batch;
        int columns = line < rows ? 192 : 0;
        line = XMath.Min(line, rows - 1);
        int image = line / 197, row = line % 197;
        ArrayView<Float4> xFours = x.Cast<Float4>();
        ArrayView<Float4> gammaFours = gamma.Cast<Float4>();
        ArrayView<Float4> betaFours = beta.Cast<Float4>();
        ArrayView<Float4> yFours = y.Cast<Float4>();
        Float4 x0 = default, x1 = default, x2 = default, x3 = default, x4 = default, x5 = default;
        if (columns > 0)
        {
            x0 = xFours[image * 37824L + row * 192 + lane];
            x1 = xFours[image * 37824L + row * 192 + lane + 32L];
            x2 = xFours[image * 37824L + row * 192 + lane + 64L];
            x3 = xFours[image * 37824L + row * 192 + lane + 96L];
            x4 = xFours[image * 37824L + row * 192 + lane + 128L];
            x5 = xFours[image * 37824L + row * 192 + lane + 160L];
        }
        float mean = 0;
        mean += x0.X; mean += x0.Y; mean += x0.Z; mean += x0.W;
        mean += x1.X; mean += x1.Y; mean += x1.Z; mean += x1.W;
        mean += x2.X; mean += x2.Y; mean += x2.Z; mean += x2.W;
        mean += x3.X; mean += x3.Y; mean += x3.Z; mean += x3.W;
        mean += x4.X; mean += x4.Y; mean += x4.Z; mean += x4.W;
        mean += x5.X; mean += x5.Y; mean += x5.Z; mean += x5.W;
        means[thread] = mean;
        Group.Barrier();
        mean = 0;
        for (int neighbour = 0; neighbour < 8; neighbour++)
        {
            Float4 meansPart = meansFours[first / 4 + neighbour];
            mean += (meansPart.X + meansPart.Y) + (meansPart.Z + meansPart.W);
        }
        mean /= 768;

        float variance = 0;
        variance += (x0.X - mean) * (x0.X - mean); variance += (x0.Y - mean) * (x0.Y - mean); variance += (x0.Z - mean) * (x0.Z - mean); variance += (x0.W - mean) * (x0.W - mean);
        variance += (x1.X - mean) * (x1.X - mean); variance += (x1.Y - mean) * (x1.Y - mean); variance += (x1.Z - mean) * (x1.Z - mean); variance += (x1.W - mean) * (x1.W - mean);
        variance += (x2.X - mean) * (x2.X - mean); variance += (x2.Y - mean) * (x2.Y - mean); variance += (x2.Z - mean) * (x2.Z - mean); variance += (x2.W - mean) * (x2.W - mean);
        variance += (x3.X - mean) * (x3.X - mean); variance += (x3.Y - mean) * (x3.Y - mean); variance += (x3.Z - mean) * (x3.Z - mean); variance += (x3.W - mean) * (x3.W - mean);
        variance += (x4.X - mean) * (x4.X - mean); variance += (x4.Y - mean) * (x4.Y - mean); variance += (x4.Z - mean) * (x4.Z - mean); variance += (x4.W - mean) * (x4.W - mean);
        variance += (x5.X - mean) * (x5.X - mean); variance += (x5.Y - mean) * (x5.Y - mean); variance += (x5.Z - mean) * (x5.Z - mean); variance += (x5.W - mean) * (x5.W - mean);
        variances[thread] = variance;
        Group.Barrier();
        variance = 0;
        for (int neighbour = 0; neighbour < 8; neighbour++)
        {
            Float4 variancesPart = variancesFours[first / 4 + neighbour];
            variance += (variancesPart.X + variancesPart.Y) + (variancesPart.Z + variancesPart.W);
        }
        variance /= 768;

        float scale = 1 / XMath.Sqrt(variance + 1E-06f);
        if (columns > 0)
        {
            Float4 gamma0 = gammaFours[lane];
            Float4 beta0 = betaFours[lane];
            yFours[image * 37824L + row * 192 + lane] = new((x0.X - mean) * scale * gamma0.X + beta0.X, (x0.Y - mean) * scale * gamma0.Y + beta0.Y, (x0.Z - mean) * scale * gamma0.Z + beta0.Z, (x0.W - mean) * scale * gamma0.W + beta0.W);
            Float4 gamma1 = gammaFours[lane + 32L];
            Float4 beta1 = betaFours[lane + 32L];
            yFours[image * 37824L + row * 192 + lane + 32L] = new((x1.X - mean) * scale * gamma1.X + beta1.X, (x1.Y - mean) * scale * gamma1.Y + beta1.Y, (x1.Z - mean) * scale * gamma1.Z + beta1.Z, (x1.W - mean) * scale * gamma1.W + beta1.W);
            Float4 gamma2 = gammaFours[lane + 64L];
            Float4 beta2 = betaFours[lane + 64L];
            yFours[image * 37824L + row * 192 + lane + 64L] = new((x2.X - mean) * scale * gamma2.X + beta2.X, (x2.Y - mean) * scale * gamma2.Y + beta2.Y, (x2.Z - mean) * scale * gamma2.Z + beta2.Z, (x2.W - mean) * scale * gamma2.W + beta2.W);
            Float4 gamma3 = gammaFours[lane + 96L];
            Float4 beta3 = betaFours[lane + 96L];
            yFours[image * 37824L + row * 192 + lane + 96L] = new((x3.X - mean) * scale * gamma3.X + beta3.X, (x3.Y - mean) * scale * gamma3.Y + beta3.Y, (x3.Z - mean) * scale * gamma3.Z + beta3.Z, (x3.W - mean) * scale * gamma3.W + beta3.W);
            Float4 gamma4 = gammaFours[lane + 128L];
            Float4 beta4 = betaFours[lane + 128L];
            yFours[image * 37824L + row * 192 + lane + 128L] = new((x4.X - mean) * scale * gamma4.X + beta4.X, (x4.Y - mean) * scale * gamma4.Y + beta4.Y, (x4.Z - mean) * scale * gamma4.Z + beta4.Z, (x4.W - mean) * scale * gamma4.W + beta4.W);
            Float4 gamma5 = gammaFours[lane + 160L];
            Float4 beta5 = betaFours[lane + 160L];
            yFours[image * 37824L + row * 192 + lane + 160L] = new((x5.X - mean) * scale * gamma5.X + beta5.X, (x5.Y - mean) * scale * gamma5.Y + beta5.Y, (x5.Z - mean) * scale * gamma5.Z + beta5.Z, (x5.W - mean) * scale * gamma5.W + beta5.W);
        }
        if (lane == 0 && columns > 0)
        {
            statistics[image * 394L + row * 2] = mean;
            statistics[image * 394L + row * 2 + 1] = scale;
        }
    }
