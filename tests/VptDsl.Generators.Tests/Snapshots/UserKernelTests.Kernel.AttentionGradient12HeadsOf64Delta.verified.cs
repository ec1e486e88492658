
    /// <summary>The sum of dOutput ∘ output [batch, queries, 768] over each query's columns of each head, for the gradients. 8 threads for each of 16 rows.</summary>
    public static void AttentionGradient12HeadsOf64Delta_c7a66790(int batch, int lines, int queries, int firstDelta, ArrayView<float> dOutput, ArrayView<float> output, ArrayView<float> scratch)
    {
        ArrayView<Float4> deltasFours = SharedMemory.Allocate<Float4>(32);
        ArrayView<float> deltas = deltasFours.Cast<float>();
        int lane = Group.IdxX, first = Group.IdxY * 8, thread = first + lane;
        int line = Grid.IdxX * 16 + Group.IdxY, rows = lines * batch;
        int columns = line < rows ? 16 : 0;
        line = XMath.Min(line, rows - 1);
        int image = line / lines, row = line % lines;
        ArrayView<Float4> dOutputFours = dOutput.Cast<Float4>();
        ArrayView<Float4> outputFours = output.Cast<Float4>();
        int place = row / 12, head = row % 12;
        float delta = 0;
        if (columns > 0)
        {
            Float4 dOutput0 = dOutputFours[image * (queries * 192L) + place * 192 + head * 16 + lane];
            Float4 output0 = outputFours[image * (queries * 192L) + place * 192 + head * 16 + lane];
            delta += dOutput0.X * output0.X; delta += dOutput0.Y * output0.Y; delta += dOutput0.Z * output0.Z; delta += dOutput0.W * output0.W;
            Float4 dOutput1 = dOutputFours[image * (queries * 192L) + place * 192 + head * 16 + lane + 8L];
            Float4 output1 = outputFours[image * (queries * 192L) + place * 192 + head * 16 + lane + 8L];
            delta += dOutput1.X * output1.X; delta += dOutput1.Y * output1.Y; delta += dOutput1.Z * output1.Z; delta += dOutput1.W * output1.W;
        }
        deltas[thread] = delta;
        Group.Barrier();
        delta = 0;
        for (int neighbour = 0; neighbour < 2; neighbour++)
        {
            Float4 deltasPart = deltasFours[first / 4 + neighbour];
            delta += (deltasPart.X + deltasPart.Y) + (deltasPart.Z + deltasPart.W);
        }
        if (lane == 0 && columns > 0)
            scratch[firstDelta + image * (queries * 12L) + place * 12 + head] = delta;
    }
