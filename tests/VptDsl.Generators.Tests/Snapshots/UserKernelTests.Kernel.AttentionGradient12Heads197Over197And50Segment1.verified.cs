
    /// <summary>dKey1 [50, 768], dValue1 [50, 768]: adds up the slices.</summary>
    public static void AttentionGradient12Heads197Over197And50Segment1_f540b109(Index1D index, int batch, ArrayView<float> dKey1, ArrayView<float> dValue1, ArrayView<float> scratch)
    {
        int row = index / 768, column = index % 768, slices = XMath.Min(16, batch);
        float sum0 = 0;
        for (int slice = 0; slice < slices; slice++)
            sum0 += scratch[(slice + 0) * 38400L + index];
        dKey1[row * 1536 + column] = sum0;
        float sum1 = 0;
        for (int slice = 0; slice < slices; slice++)
            sum1 += scratch[(slice + 16) * 38400L + index];
        dValue1[row * 1536 + column] = sum1;
    }
