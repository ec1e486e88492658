
    /// <summary>dKeys [batch, keyCount, 768], dValues [batch, keyCount, 768] = the gradients of a segment's keys and values from dOutput. Tiles of 8 queries and 16 keys for 64 threads.</summary>
    public static void AttentionGradient12HeadsOf64Segment_3db98246(int batch, int queries, int queryRow, int queryImage, int keyCount, int keyRow, int keyImage, int dKeyRow, int dKeyImage, int firstDelta, ArrayView<float> dOutput, ArrayView<float> logSum, ArrayView<float> query, ArrayView<float> keys, ArrayView<float> values, ArrayView<float> dKeys, ArrayView<float> dValues, ArrayView<float> scratch)
    {
        ArrayView<Float4> queryTile4 = SharedMemory.Allocate<Float4>(136); // [8, 64 + 4] floats
        ArrayView<float> queryTile = queryTile4.Cast<float>();
        ArrayView<Float4> dOutputTile4 = SharedMemory.Allocate<Float4>(136); // [8, 64 + 4] floats
        ArrayView<float> dOutputTile = dOutputTile4.Cast<float>();
        ArrayView<Float4> keyTile4 = SharedMemory.Allocate<Float4>(272); // [16, 64 + 4] floats
        ArrayView<float> keyTile = keyTile4.Cast<float>();
        ArrayView<Float4> valueTile4 = SharedMemory.Allocate<Float4>(272); // [16, 64 + 4] floats
        ArrayView<float> valueTile = valueTile4.Cast<float>();
        ArrayView<Float4> slopes4 = SharedMemory.Allocate<Float4>(40); // [8, 16 + 4] floats
        ArrayView<float> slopes = slopes4.Cast<float>();
        ArrayView<Float4> weights4 = SharedMemory.Allocate<Float4>(40); // [8, 16 + 4] floats
        ArrayView<float> weights = weights4.Cast<float>();
        ArrayView<Float4> dOutputFours = dOutput.Cast<Float4>();
        ArrayView<Float4> queryFours = query.Cast<Float4>();
        ArrayView<Float4> keysFours = keys.Cast<Float4>();
        ArrayView<Float4> valuesFours = values.Cast<Float4>();
        ArrayView<Float4> dKeysFours = dKeys.Cast<Float4>();
        ArrayView<Float4> dValuesFours = dValues.Cast<Float4>();
        int threadColumn = Group.IdxX, threadRow = Group.IdxY, thread = threadRow * 8 + threadColumn, head = Grid.IdxY;
        int firstKey = Grid.IdxX * 16, image = Grid.IdxZ;
        for (int i = thread; i < 256; i += 64)
        {
            int row = i / 16, d = i % 16;
            keyTile4[row * 17 + d] = firstKey + row < keyCount ? keysFours[image * (long)keyImage + (firstKey + row) * keyRow + head * 16 + d] : default;
        }
        for (int i = thread; i < 256; i += 64)
        {
            int row = i / 16, d = i % 16;
            valueTile4[row * 17 + d] = firstKey + row < keyCount ? valuesFours[image * (long)keyImage + (firstKey + row) * keyRow + head * 16 + d] : default;
        }
        float dk00 = 0, dk01 = 0, dk02 = 0, dk03 = 0, dk04 = 0, dk05 = 0, dk06 = 0, dk07 = 0;
        float dk10 = 0, dk11 = 0, dk12 = 0, dk13 = 0, dk14 = 0, dk15 = 0, dk16 = 0, dk17 = 0;
        float dv00 = 0, dv01 = 0, dv02 = 0, dv03 = 0, dv04 = 0, dv05 = 0, dv06 = 0, dv07 = 0;
        float dv10 = 0, dv11 = 0, dv12 = 0, dv13 = 0, dv14 = 0, dv15 = 0, dv16 = 0, dv17 = 0;

        for (int firstQuery = 0; firstQuery < queries; firstQuery += 8)
        {
            Group.Barrier();
            for (int i = thread; i < 128; i += 64)
            {
                int row = i / 16, d = i % 16;
                queryTile4[row * 17 + d] = firstQuery + row < queries ? queryFours[image * (long)queryImage + (firstQuery + row) * queryRow + head * 16 + d] : default;
            }
            for (int i = thread; i < 128; i += 64)
            {
                int row = i / 16, d = i % 16;
                dOutputTile4[row * 17 + d] = firstQuery + row < queries ? dOutputFours[image * (queries * 192L) + (firstQuery + row) * 192 + head * 16 + d] : default;
            }
            int query0 = XMath.Min(firstQuery + threadRow, queries - 1);
            float logSum0 = logSum[image * (queries * 12L) + query0 * 12 + head], delta0 = scratch[firstDelta + image * (queries * 12L) + query0 * 12 + head];
            Group.Barrier();
            float s00 = 0, s01 = 0;
            for (int d = 0; d < 64; d += 4)
            {
                Float4 left0 = queryTile4[threadRow * 17 + d / 4];
                Float4 right0 = keyTile4[threadColumn * 17 + d / 4];
                Float4 right1 = keyTile4[(threadColumn + 8) * 17 + d / 4];
                s00 += left0.X * right0.X; s01 += left0.X * right1.X;
                s00 += left0.Y * right0.Y; s01 += left0.Y * right1.Y;
                s00 += left0.Z * right0.Z; s01 += left0.Z * right1.Z;
                s00 += left0.W * right0.W; s01 += left0.W * right1.W;
            }
            float p00 = 0, p01 = 0;
            for (int d = 0; d < 64; d += 4)
            {
                Float4 left0 = dOutputTile4[threadRow * 17 + d / 4];
                Float4 right0 = valueTile4[threadColumn * 17 + d / 4];
                Float4 right1 = valueTile4[(threadColumn + 8) * 17 + d / 4];
                p00 += left0.X * right0.X; p01 += left0.X * right1.X;
                p00 += left0.Y * right0.Y; p01 += left0.Y * right1.Y;
                p00 += left0.Z * right0.Z; p01 += left0.Z * right1.Z;
                p00 += left0.W * right0.W; p01 += left0.W * right1.W;
            }
            s00 = firstQuery + threadRow < queries && firstKey + threadColumn < keyCount ? XMath.Exp(s00 * 0.125f - logSum0) : 0;
            weights[threadRow * 20 + threadColumn] = s00;
            slopes[threadRow * 20 + threadColumn] = s00 * (p00 - delta0) * 0.125f;
            s01 = firstQuery + threadRow < queries && firstKey + (threadColumn + 8) < keyCount ? XMath.Exp(s01 * 0.125f - logSum0) : 0;
            weights[threadRow * 20 + (threadColumn + 8)] = s01;
            slopes[threadRow * 20 + (threadColumn + 8)] = s01 * (p01 - delta0) * 0.125f;
            Group.Barrier();
            for (int q = 0; q < 8; q++)
            {
                float left0 = slopes[q * 20 + threadRow];
                float left1 = slopes[q * 20 + (threadRow + 8)];
                Float4 right0 = queryTile4[q * 17 + threadColumn];
                Float4 right1 = queryTile4[q * 17 + (threadColumn + 8)];
                dk00 += left0 * right0.X; dk01 += left0 * right0.Y; dk02 += left0 * right0.Z; dk03 += left0 * right0.W; dk04 += left0 * right1.X; dk05 += left0 * right1.Y; dk06 += left0 * right1.Z; dk07 += left0 * right1.W;
                dk10 += left1 * right0.X; dk11 += left1 * right0.Y; dk12 += left1 * right0.Z; dk13 += left1 * right0.W; dk14 += left1 * right1.X; dk15 += left1 * right1.Y; dk16 += left1 * right1.Z; dk17 += left1 * right1.W;
            }
            for (int q = 0; q < 8; q++)
            {
                float left0 = weights[q * 20 + threadRow];
                float left1 = weights[q * 20 + (threadRow + 8)];
                Float4 right0 = dOutputTile4[q * 17 + threadColumn];
                Float4 right1 = dOutputTile4[q * 17 + (threadColumn + 8)];
                dv00 += left0 * right0.X; dv01 += left0 * right0.Y; dv02 += left0 * right0.Z; dv03 += left0 * right0.W; dv04 += left0 * right1.X; dv05 += left0 * right1.Y; dv06 += left0 * right1.Z; dv07 += left0 * right1.W;
                dv10 += left1 * right0.X; dv11 += left1 * right0.Y; dv12 += left1 * right0.Z; dv13 += left1 * right0.W; dv14 += left1 * right1.X; dv15 += left1 * right1.Y; dv16 += left1 * right1.Z; dv17 += left1 * right1.W;
            }
        }

        if (firstKey + threadRow < keyCount)
        {
            int to = firstKey + threadRow;
            dKeysFours[image * (long)dKeyImage + to * dKeyRow + head * 16 + threadColumn] = new(dk00, dk01, dk02, dk03);
            dKeysFours[image * (long)dKeyImage + to * dKeyRow + head * 16 + (threadColumn + 8)] = new(dk04, dk05, dk06, dk07);
        }
        if (firstKey + (threadRow + 8) < keyCount)
        {
            int to = firstKey + (threadRow + 8);
            dKeysFours[image * (long)dKeyImage + to * dKeyRow + head * 16 + threadColumn] = new(dk10, dk11, dk12, dk13);
            dKeysFours[image * (long)dKeyImage + to * dKeyRow + head * 16 + (threadColumn + 8)] = new(dk14, dk15, dk16, dk17);
        }

        if (firstKey + threadRow < keyCount)
        {
            int to = firstKey + threadRow;
            dValuesFours[image * (long)dKeyImage + to * dKeyRow + head * 16 + threadColumn] = new(dv00, dv01, dv02, dv03);
            dValuesFours[image * (long)dKeyImage + to * dKeyRow + head * 16 + (threadColumn + 8)] = new(dv04, dv05, dv06, dv07);
        }
        if (firstKey + (threadRow + 8) < keyCount)
        {
            int to = firstKey + (threadRow + 8);
            dValuesFours[image * (long)dKeyImage + to * dKeyRow + head * 16 + threadColumn] = new(dv10, dv11, dv12, dv13);
            dValuesFours[image * (long)dKeyImage + to * dKeyRow + head * 16 + (threadColumn + 8)] = new(dv14, dv15, dv16, dv17);
        }
    }
