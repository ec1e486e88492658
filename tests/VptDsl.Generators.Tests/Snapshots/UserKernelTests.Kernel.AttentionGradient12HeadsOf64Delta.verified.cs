
    /// <summary>The sum of dOutput ∘ output [batch, queries, 768] over each query's columns of each head, for the gradients. 32 threads for each of 4 rows.</summary>
    public static void AttentionGradient12HeadsOf64Delta_ae80c516(int batch, int lines, int queries, int firstDelta, ArrayView<float> dOutput, ArrayView<float> output, ArrayView<float> scratch)
    {
        ArrayView<float> deltas = SharedMemory.Allocate<float>(128);
        int lane = Group.IdxX, first = Group.IdxY * 32, thread = first + lane;
        int line = Grid.IdxX * 4 + Group.IdxY, rows = lines * batch;
        int columns = line < rows ? 64 : 0;
        line = XMath.Min(line, rows - 1);
        int image = line / lines, row = line % lines;
        int place = row / 12, head = row % 12;
        float delta = 0;
        for (int column = lane; column < columns; column += 32)
            delta += dOutput[image * (queries * 768L) + place * 768 + head * 64 + column] * output[image * (queries * 768L) + place * 768 + head * 64 + column];
        deltas[thread] = delta;
        Group.Barrier();
        for (int half = 16; half > 0; half /= 2)
        {
            if (lane < half)
            {
                deltas[thread] += deltas[thread + half];
            }
            Group.Barrier();
        }
        delta = deltas[first];
        if (lane == 0 && columns > 0)
            scratch[firstDelta + image * (queries * 12L) + place * 12 + head] = delta;
    }
