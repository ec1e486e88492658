
    /// <summary>The sum of dOutput ∘ output [batch, 197, 768] over each query's columns of each head, for the gradients. 32 threads for each of 4 rows.</summary>
    public static void AttentionGradient12Heads197Over197And50Delta_f540b109(int batch, ArrayView<float> dOutput, ArrayView<float> output, ArrayView<float> scratch)
    {
        ArrayView<float> deltas = SharedMemory.Allocate<float>(128);
        int lane = Group.IdxX, first = Group.IdxY * 32, thread = first + lane;
        int line = Grid.IdxX * 4 + Group.IdxY, rows = 2364 * batch;
        int columns = line < rows ? 64 : 0;
        line = XMath.Min(line, rows - 1);
        int image = line / 2364, row = line % 2364;
        int place = row / 12, head = row % 12;
        float delta = 0;
        for (int column = lane; column < columns; column += 32)
            delta += dOutput[image * 151296L + place * 768 + head * 64 + column] * output[image * 151296L + place * 768 + head * 64 + column];
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
            scratch[1228800L + image * 2364L + place * 12 + head] = delta;
    }
