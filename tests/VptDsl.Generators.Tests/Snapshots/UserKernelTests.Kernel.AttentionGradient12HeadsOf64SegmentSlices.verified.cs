
    /// <summary>dKeys [keyCount, 768], dValues [keyCount, 768] = the gradients of a segment's keys and values from dOutput. Tiles of 8 queries and 32 keys for 64 threads.</summary>
    public static void AttentionGradient12HeadsOf64SegmentSlices_459700ce(int batch, int queries, int queryRow, int queryImage, int keyCount, int keyRow, int firstDelta, ArrayView<float> dOutput, ArrayView<float> logSum, ArrayView<float> query, ArrayView<float> keys, ArrayView<float> values, ArrayView<float> scratch)
    {
        ArrayView<Float4> queryTile4 = SharedMemory.Allocate<Float4>(136); // [8, 64 + 4] floats
        ArrayView<float> queryTile = queryTile4.Cast<float>();
        ArrayView<Float4> dOutputTile4 = SharedMemory.Allocate<Float4>(136); // [8, 64 + 4] floats
        ArrayView<float> dOutputTile = dOutputTile4.Cast<float>();
        ArrayView<Float4> keyTile4 = SharedMemory.Allocate<Float4>(544); // [32, 64 + 4] floats
        ArrayView<float> keyTile = keyTile4.Cast<float>();
        ArrayView<Float4> valueTile4 = SharedMemory.Allocate<Float4>(544); // [32, 64 + 4] floats
        ArrayView<float> valueTile = valueTile4.Cast<float>();
        ArrayView<Float4> slopes4 = SharedMemory.Allocate<Float4>(72); // [8, 32 + 4] floats
        ArrayView<float> slopes = slopes4.Cast<float>();
        ArrayView<Float4> weights4 = SharedMemory.Allocate<Float4>(72); // [8, 32 + 4] floats
        ArrayView<float> weights = weights4.Cast<float>();
        ArrayView<float> slice0 = scratch.SubView(Grid.IdxZ * (keyCount * 768L), keyCount * 768L);
        ArrayView<float> slice1 = scratch.SubView((16 + Grid.IdxZ) * (keyCount * 768L), keyCount * 768L);
        ArrayView<Float4> dOutputFours = dOutput.Cast<Float4>();
        ArrayView<Float4> queryFours = query.Cast<Float4>();
        ArrayView<Float4> keysFours = keys.Cast<Float4>();
        ArrayView<Float4> valuesFours = values.Cast<Float4>();
        ArrayView<Float4> slice0Fours = slice0.Cast<Float4>();
        ArrayView<Float4> slice1Fours = slice1.Cast<Float4>();
        int threadColumn = Group.IdxX, threadRow = Group.IdxY, thread = threadRow * 8 + threadColumn, head = Grid.IdxY;
        int firstKey = Grid.IdxX * 32;
        for (int i = thread; i < 512; i += 64)
        {
            int row = i / 16, d = i % 16;
            keyTile4[row * 17 + d] = firstKey + row < keyCount ? keysFours[(firstKey + row) * keyRow + head * 16 + d] : default;
        }
        for (int i = thread; i < 512; i += 64)
        {
            int row = i / 16, d = i % 16;
            valueTile4[row * 17 + d] = firstKey + row < keyCount ? valuesFours[(firstKey + row) * keyRow + head * 16 + d] : default;
        }
        float dk00 = 0, dk01 = 0, dk02 = 0, dk03 = 0, dk04 = 0, dk05 = 0, dk06 = 0, dk07 = 0;
        float dk10 = 0, dk11 = 0, dk12 = 0, dk13 = 0, dk14 = 0, dk15 = 0, dk16 = 0, dk17 = 0;
        float dk20 = 0, dk21 = 0, dk22 = 0, dk23 = 0, dk24 = 0, dk25 = 0, dk26 = 0, dk27 = 0;
        float dk30 = 0, dk31 = 0, dk32 = 0, dk33 = 0, dk34 = 0, dk35 = 0, dk36 = 0, dk37 = 0;
        float dv00 = 0, dv01 = 0, dv02 = 0, dv03 = 0, dv04 = 0, dv05 = 0, dv06 = 0, dv07 = 0;
        float dv10 = 0, dv11 = 0, dv12 = 0, dv13 = 0, dv14 = 0, dv15 = 0, dv16 = 0, dv17 = 0;
        float dv20 = 0, dv21 = 0, dv22 = 0, dv23 = 0, dv24 = 0, dv25 = 0, dv26 = 0, dv27 = 0;
        float dv30 = 0, dv31 = 0, dv32 = 0, dv33 = 0, dv34 = 0, dv35 = 0, dv36 = 0, dv37 = 0;

        for (int image = Grid.IdxZ; image < batch; image += 16)
        {
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
                float s00 = 0, s01 = 0, s02 = 0, s03 = 0;
                for (int d = 0; d < 64; d += 4)
                {
                    Float4 left0 = queryTile4[threadRow * 17 + d / 4];
                    Float4 right0 = keyTile4[threadColumn * 17 + d / 4];
                    Float4 right1 = keyTile4[(threadColumn + 8) * 17 + d / 4];
                    Float4 right2 = keyTile4[(threadColumn + 16) * 17 + d / 4];
                    Float4 right3 = keyTile4[(threadColumn + 24) * 17 + d / 4];
                    s00 += left0.X * right0.X; s01 += left0.X * right1.X; s02 += left0.X * right2.X; s03 += left0.X * right3.X;
                    s00 += left0.Y * right0.Y; s01 += left0.Y * right1.Y; s02 += left0.Y * right2.Y; s03 += left0.Y * right3.Y;
                    s00 += left0.Z * right0.Z; s01 += left0.Z * right1.Z; s02 += left0.Z * right2.Z; s03 += left0.Z * right3.Z;
                    s00 += left0.W * right0.W; s01 += left0.W * right1.W; s02 += left0.W * right2.W; s03 += left0.W * right3.W;
                }
                float p00 = 0, p01 = 0, p02 = 0, p03 = 0;
                for (int d = 0; d < 64; d += 4)
                {
                    Float4 left0 = dOutputTile4[threadRow * 17 + d / 4];
                    Float4 right0 = valueTile4[threadColumn * 17 + d / 4];
                    Float4 right1 = valueTile4[(threadColumn + 8) * 17 + d / 4];
                    Float4 right2 = valueTile4[(threadColumn + 16) * 17 + d / 4];
                    Float4 right3 = valueTile4[(threadColumn + 24) * 17 + d / 4];
                    p00 += left0.X * right0.X; p01 += left0.X * right1.X; p02 += left0.X * right2.X; p03 += left0.X * right3.X;
                    p00 += left0.Y * right0.Y; p01 += left0.Y * right1.Y; p02 += left0.Y * right2.Y; p03 += left0.Y * right3.Y;
                    p00 += left0.Z * right0.Z; p01 += left0.Z * right1.Z; p02 += left0.Z * right2.Z; p03 += left0.Z * right3.Z;
                    p00 += left0.W * right0.W; p01 += left0.W * right1.W; p02 += left0.W * right2.W; p03 += left0.W * right3.W;
                }
                s00 = firstQuery + threadRow < queries && firstKey + threadColumn < keyCount ? XMath.Exp(s00 * 0.125f - logSum0) : 0;
                weights[threadRow * 36 + threadColumn] = s00;
                slopes[threadRow * 36 + threadColumn] = s00 * (p00 - delta0) * 0.125f;
                s01 = firstQuery + threadRow < queries && firstKey + (threadColumn + 8) < keyCount ? XMath.Exp(s01 * 0.125f - logSum0) : 0;
                weights[threadRow * 36 + (threadColumn + 8)] = s01;
                slopes[threadRow * 36 + (threadColumn + 8)] = s01 * (p01 - delta0) * 0.125f;
                s02 = firstQuery + threadRow < queries && firstKey + (threadColumn + 16) < keyCount ? XMath.Exp(s02 * 0.125f - logSum0) : 0;
                weights[threadRow * 36 + (threadColumn + 16)] = s02;
                slopes[threadRow * 36 + (threadColumn + 16)] = s02 * (p02 - delta0) * 0.125f;
                s03 = firstQuery + threadRow < queries && firstKey + (threadColumn + 24) < keyCount ? XMath.Exp(s03 * 0.125f - logSum0) : 0;
                weights[threadRow * 36 + (threadColumn + 24)] = s03;
                slopes[threadRow * 36 + (threadColumn + 24)] = s03 * (p03 - delta0) * 0.125f;
                Group.Barrier();
                for (int q = 0; q < 8; q++)
                {
                    Float4 left0 = slopes4[q * 9 + threadRow];
                    Float4 right0 = queryTile4[q * 17 + threadColumn];
                    Float4 right1 = queryTile4[q * 17 + (threadColumn + 8)];
                    dk00 += left0.X * right0.X; dk01 += left0.X * right0.Y; dk02 += left0.X * right0.Z; dk03 += left0.X * right0.W; dk04 += left0.X * right1.X; dk05 += left0.X * right1.Y; dk06 += left0.X * right1.Z; dk07 += left0.X * right1.W;
                    dk10 += left0.Y * right0.X; dk11 += left0.Y * right0.Y; dk12 += left0.Y * right0.Z; dk13 += left0.Y * right0.W; dk14 += left0.Y * right1.X; dk15 += left0.Y * right1.Y; dk16 += left0.Y * right1.Z; dk17 += left0.Y * right1.W;
                    dk20 += left0.Z * right0.X; dk21 += left0.Z * right0.Y; dk22 += left0.Z * right0.Z; dk23 += left0.Z * right0.W; dk24 += left0.Z * right1.X; dk25 += left0.Z * right1.Y; dk26 += left0.Z * right1.Z; dk27 += left0.Z * right1.W;
                    dk30 += left0.W * right0.X; dk31 += left0.W * right0.Y; dk32 += left0.W * right0.Z; dk33 += left0.W * right0.W; dk34 += left0.W * right1.X; dk35 += left0.W * right1.Y; dk36 += left0.W * right1.Z; dk37 += left0.W * right1.W;
                }
                for (int q = 0; q < 8; q++)
                {
                    Float4 left0 = weights4[q * 9 + threadRow];
                    Float4 right0 = dOutputTile4[q * 17 + threadColumn];
                    Float4 right1 = dOutputTile4[q * 17 + (threadColumn + 8)];
                    dv00 += left0.X * right0.X; dv01 += left0.X * right0.Y; dv02 += left0.X * right0.Z; dv03 += left0.X * right0.W; dv04 += left0.X * right1.X; dv05 += left0.X * right1.Y; dv06 += left0.X * right1.Z; dv07 += left0.X * right1.W;
                    dv10 += left0.Y * right0.X; dv11 += left0.Y * right0.Y; dv12 += left0.Y * right0.Z; dv13 += left0.Y * right0.W; dv14 += left0.Y * right1.X; dv15 += left0.Y * right1.Y; dv16 += left0.Y * right1.Z; dv17 += left0.Y * right1.W;
                    dv20 += left0.Z * right0.X; dv21 += left0.Z * right0.Y; dv22 += left0.Z * right0.Z; dv23 += left0.Z * right0.W; dv24 += left0.Z * right1.X; dv25 += left0.Z * right1.Y; dv26 += left0.Z * right1.Z; dv27 += left0.Z * right1.W;
                    dv30 += left0.W * right0.X; dv31 += left0.W * right0.Y; dv32 += left0.W * right0.Z; dv33 += left0.W * right0.W; dv34 += left0.W * right1.X; dv35 += left0.W * right1.Y; dv36 += left0.W * right1.Z; dv37 += left0.W * right1.W;
                }
            }
        }

        if (firstKey + (threadRow * 4) < keyCount)
        {
            int to = firstKey + (threadRow * 4);
            slice0Fours[to * 192 + head * 16 + threadColumn] = new(dk00, dk01, dk02, dk03);
            slice0Fours[to * 192 + head * 16 + (threadColumn + 8)] = new(dk04, dk05, dk06, dk07);
        }
        if (firstKey + (threadRow * 4 + 1) < keyCount)
        {
            int to = firstKey + (threadRow * 4 + 1);
            slice0Fours[to * 192 + head * 16 + threadColumn] = new(dk10, dk11, dk12, dk13);
            slice0Fours[to * 192 + head * 16 + (threadColumn + 8)] = new(dk14, dk15, dk16, dk17);
        }
        if (firstKey + (threadRow * 4 + 2) < keyCount)
        {
            int to = firstKey + (threadRow * 4 + 2);
            slice0Fours[to * 192 + head * 16 + threadColumn] = new(dk20, dk21, dk22, dk23);
            slice0Fours[to * 192 + head * 16 + (threadColumn + 8)] = new(dk24, dk25, dk26, dk27);
        }
        if (firstKey + (threadRow * 4 + 3) < keyCount)
        {
            int to = firstKey + (threadRow * 4 + 3);
            slice0Fours[to * 192 + head * 16 + threadColumn] = new(dk30, dk31, dk32, dk33);
            slice0Fours[to * 192 + head * 16 + (threadColumn + 8)] = new(dk34, dk35, dk36, dk37);
        }

        if (firstKey + (threadRow * 4) < keyCount)
        {
            int to = firstKey + (threadRow * 4);
            slice1Fours[to * 192 + head * 16 + threadColumn] = new(dv00, dv01, dv02, dv03);
            slice1Fours[to * 192 + head * 16 + (threadColumn + 8)] = new(dv04, dv05, dv06, dv07);
        }
        if (firstKey + (threadRow * 4 + 1) < keyCount)
        {
            int to = firstKey + (threadRow * 4 + 1);
            slice1Fours[to * 192 + head * 16 + threadColumn] = new(dv10, dv11, dv12, dv13);
            slice1Fours[to * 192 + head * 16 + (threadColumn + 8)] = new(dv14, dv15, dv16, dv17);
        }
        if (firstKey + (threadRow * 4 + 2) < keyCount)
        {
            int to = firstKey + (threadRow * 4 + 2);
            slice1Fours[to * 192 + head * 16 + threadColumn] = new(dv20, dv21, dv22, dv23);
            slice1Fours[to * 192 + head * 16 + (threadColumn + 8)] = new(dv24, dv25, dv26, dv27);
        }
        if (firstKey + (threadRow * 4 + 3) < keyCount)
        {
            int to = firstKey + (threadRow * 4 + 3);
            slice1Fours[to * 192 + head * 16 + threadColumn] = new(dv30, dv31, dv32, dv33);
            slice1Fours[to * 192 + head * 16 + (threadColumn + 8)] = new(dv34, dv35, dv36, dv37);
        }
    }
