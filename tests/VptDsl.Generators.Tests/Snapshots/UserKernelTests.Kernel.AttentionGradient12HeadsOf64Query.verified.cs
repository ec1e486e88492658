
    /// <summary>dQuery [batch, queries, 768] = query's gradient from dOutput. Tiles of 32 queries and 32 keys for 64 threads.</summary>
    public static void AttentionGradient12HeadsOf64Query_e13cab88(int batch, int queries, int queryRow, int queryImage, int key0Count, int key0Row, int key0Image, int key1Count, int key1Row, int key1Image, int dQueryRow, int dQueryImage, int firstDelta, ArrayView<float> dOutput, ArrayView<float> logSum, ArrayView<float> query, ArrayView<float> keys0, ArrayView<float> values0, ArrayView<float> keys1, ArrayView<float> values1, ArrayView<float> dQuery, ArrayView<float> scratch)
    {
        ArrayView<Float4> queryTile4 = SharedMemory.Allocate<Float4>(544); // [32, 64 + 4] floats
        ArrayView<float> queryTile = queryTile4.Cast<float>();
        ArrayView<Float4> dOutputTile4 = SharedMemory.Allocate<Float4>(544); // [32, 64 + 4] floats
        ArrayView<float> dOutputTile = dOutputTile4.Cast<float>();
        ArrayView<Float4> keyTile4 = SharedMemory.Allocate<Float4>(544); // [32, 64 + 4] floats
        ArrayView<float> keyTile = keyTile4.Cast<float>();
        ArrayView<Float4> valueTile4 = SharedMemory.Allocate<Float4>(544); // [32, 64 + 4] floats
        ArrayView<float> valueTile = valueTile4.Cast<float>();
        ArrayView<Float4> slopes4 = SharedMemory.Allocate<Float4>(288); // [32, 32 + 4] floats
        ArrayView<float> slopes = slopes4.Cast<float>();
        ArrayView<Float4> dOutputFours = dOutput.Cast<Float4>();
        ArrayView<Float4> queryFours = query.Cast<Float4>();
        ArrayView<Float4> keys0Fours = keys0.Cast<Float4>();
        ArrayView<Float4> values0Fours = values0.Cast<Float4>();
        ArrayView<Float4> keys1Fours = keys1.Cast<Float4>();
        ArrayView<Float4> values1Fours = values1.Cast<Float4>();
        ArrayView<Float4> dQueryFours = dQuery.Cast<Float4>();
        int threadColumn = Group.IdxX, threadRow = Group.IdxY, thread = threadRow * 8 + threadColumn, head = Grid.IdxY;
        int firstQuery = Grid.IdxX * 32, image = Grid.IdxZ;
        for (int i = thread; i < 512; i += 64)
        {
            int row = i / 16, d = i % 16;
            queryTile4[row * 17 + d] = firstQuery + row < queries ? queryFours[image * (long)queryImage + (firstQuery + row) * queryRow + head * 16 + d] : default;
        }
        for (int i = thread; i < 512; i += 64)
        {
            int row = i / 16, d = i % 16;
            dOutputTile4[row * 17 + d] = firstQuery + row < queries ? dOutputFours[image * (queries * 192L) + (firstQuery + row) * 192 + head * 16 + d] : default;
        }
        int query0 = XMath.Min(firstQuery + threadRow, queries - 1);
        float logSum0 = logSum[image * (queries * 12L) + query0 * 12 + head], delta0 = scratch[firstDelta + image * (queries * 12L) + query0 * 12 + head];
        int query1 = XMath.Min(firstQuery + (threadRow + 8), queries - 1);
        float logSum1 = logSum[image * (queries * 12L) + query1 * 12 + head], delta1 = scratch[firstDelta + image * (queries * 12L) + query1 * 12 + head];
        int query2 = XMath.Min(firstQuery + (threadRow + 16), queries - 1);
        float logSum2 = logSum[image * (queries * 12L) + query2 * 12 + head], delta2 = scratch[firstDelta + image * (queries * 12L) + query2 * 12 + head];
        int query3 = XMath.Min(firstQuery + (threadRow + 24), queries - 1);
        float logSum3 = logSum[image * (queries * 12L) + query3 * 12 + head], delta3 = scratch[firstDelta + image * (queries * 12L) + query3 * 12 + head];
        float g00 = 0, g01 = 0, g02 = 0, g03 = 0, g04 = 0, g05 = 0, g06 = 0, g07 = 0;
        float g10 = 0, g11 = 0, g12 = 0, g13 = 0, g14 = 0, g15 = 0, g16 = 0, g17 = 0;
        float g20 = 0, g21 = 0, g22 = 0, g23 = 0, g24 = 0, g25 = 0, g26 = 0, g27 = 0;
        float g30 = 0, g31 = 0, g32 = 0, g33 = 0, g34 = 0, g35 = 0, g36 = 0, g37 = 0;

        for (int segment = 0; segment < 2; segment++)
        {
            ArrayView<Float4> keysFours = segment == 0 ? keys0Fours : keys1Fours;
            ArrayView<Float4> valuesFours = segment == 0 ? values0Fours : values1Fours;
            int keyCount = segment == 0 ? key0Count : key1Count;
            int keyRow = segment == 0 ? key0Row : key1Row;
            int keyImage = segment == 0 ? key0Image : key1Image;
            for (int firstKey = 0; firstKey < keyCount; firstKey += 32)
            {
                Group.Barrier();
                for (int i = thread; i < 512; i += 64)
                {
                    int row = i / 16, d = i % 16;
                    keyTile4[row * 17 + d] = firstKey + row < keyCount ? keysFours[image * (long)keyImage + (firstKey + row) * keyRow + head * 16 + d] : default;
                }
                for (int i = thread; i < 512; i += 64)
                {
                    int row = i / 16, d = i % 16;
                    valueTile4[row * 17 + d] = firstKey + row < keyCount ? valuesFours[image * (long)keyImage + (firstKey + row) * keyRow + head * 16 + d] : default;
                }
                Group.Barrier();
                float s00 = 0, s01 = 0, s02 = 0, s03 = 0;
                float s10 = 0, s11 = 0, s12 = 0, s13 = 0;
                float s20 = 0, s21 = 0, s22 = 0, s23 = 0;
                float s30 = 0, s31 = 0, s32 = 0, s33 = 0;
                for (int d = 0; d < 64; d += 4)
                {
                    Float4 left0 = queryTile4[threadRow * 17 + d / 4];
                    Float4 left1 = queryTile4[(threadRow + 8) * 17 + d / 4];
                    Float4 left2 = queryTile4[(threadRow + 16) * 17 + d / 4];
                    Float4 left3 = queryTile4[(threadRow + 24) * 17 + d / 4];
                    Float4 right0 = keyTile4[threadColumn * 17 + d / 4];
                    Float4 right1 = keyTile4[(threadColumn + 8) * 17 + d / 4];
                    Float4 right2 = keyTile4[(threadColumn + 16) * 17 + d / 4];
                    Float4 right3 = keyTile4[(threadColumn + 24) * 17 + d / 4];
                    s00 += left0.X * right0.X; s01 += left0.X * right1.X; s02 += left0.X * right2.X; s03 += left0.X * right3.X;
                    s10 += left1.X * right0.X; s11 += left1.X * right1.X; s12 += left1.X * right2.X; s13 += left1.X * right3.X;
                    s20 += left2.X * right0.X; s21 += left2.X * right1.X; s22 += left2.X * right2.X; s23 += left2.X * right3.X;
                    s30 += left3.X * right0.X; s31 += left3.X * right1.X; s32 += left3.X * right2.X; s33 += left3.X * right3.X;
                    s00 += left0.Y * right0.Y; s01 += left0.Y * right1.Y; s02 += left0.Y * right2.Y; s03 += left0.Y * right3.Y;
                    s10 += left1.Y * right0.Y; s11 += left1.Y * right1.Y; s12 += left1.Y * right2.Y; s13 += left1.Y * right3.Y;
                    s20 += left2.Y * right0.Y; s21 += left2.Y * right1.Y; s22 += left2.Y * right2.Y; s23 += left2.Y * right3.Y;
                    s30 += left3.Y * right0.Y; s31 += left3.Y * right1.Y; s32 += left3.Y * right2.Y; s33 += left3.Y * right3.Y;
                    s00 += left0.Z * right0.Z; s01 += left0.Z * right1.Z; s02 += left0.Z * right2.Z; s03 += left0.Z * right3.Z;
                    s10 += left1.Z * right0.Z; s11 += left1.Z * right1.Z; s12 += left1.Z * right2.Z; s13 += left1.Z * right3.Z;
                    s20 += left2.Z * right0.Z; s21 += left2.Z * right1.Z; s22 += left2.Z * right2.Z; s23 += left2.Z * right3.Z;
                    s30 += left3.Z * right0.Z; s31 += left3.Z * right1.Z; s32 += left3.Z * right2.Z; s33 += left3.Z * right3.Z;
                    s00 += left0.W * right0.W; s01 += left0.W * right1.W; s02 += left0.W * right2.W; s03 += left0.W * right3.W;
                    s10 += left1.W * right0.W; s11 += left1.W * right1.W; s12 += left1.W * right2.W; s13 += left1.W * right3.W;
                    s20 += left2.W * right0.W; s21 += left2.W * right1.W; s22 += left2.W * right2.W; s23 += left2.W * right3.W;
                    s30 += left3.W * right0.W; s31 += left3.W * right1.W; s32 += left3.W * right2.W; s33 += left3.W * right3.W;
                }
                float p00 = 0, p01 = 0, p02 = 0, p03 = 0;
                float p10 = 0, p11 = 0, p12 = 0, p13 = 0;
                float p20 = 0, p21 = 0, p22 = 0, p23 = 0;
                float p30 = 0, p31 = 0, p32 = 0, p33 = 0;
                for (int d = 0; d < 64; d += 4)
                {
                    Float4 left0 = dOutputTile4[threadRow * 17 + d / 4];
                    Float4 left1 = dOutputTile4[(threadRow + 8) * 17 + d / 4];
                    Float4 left2 = dOutputTile4[(threadRow + 16) * 17 + d / 4];
                    Float4 left3 = dOutputTile4[(threadRow + 24) * 17 + d / 4];
                    Float4 right0 = valueTile4[threadColumn * 17 + d / 4];
                    Float4 right1 = valueTile4[(threadColumn + 8) * 17 + d / 4];
                    Float4 right2 = valueTile4[(threadColumn + 16) * 17 + d / 4];
                    Float4 right3 = valueTile4[(threadColumn + 24) * 17 + d / 4];
                    p00 += left0.X * right0.X; p01 += left0.X * right1.X; p02 += left0.X * right2.X; p03 += left0.X * right3.X;
                    p10 += left1.X * right0.X; p11 += left1.X * right1.X; p12 += left1.X * right2.X; p13 += left1.X * right3.X;
                    p20 += left2.X * right0.X; p21 += left2.X * right1.X; p22 += left2.X * right2.X; p23 += left2.X * right3.X;
                    p30 += left3.X * right0.X; p31 += left3.X * right1.X; p32 += left3.X * right2.X; p33 += left3.X * right3.X;
                    p00 += left0.Y * right0.Y; p01 += left0.Y * right1.Y; p02 += left0.Y * right2.Y; p03 += left0.Y * right3.Y;
                    p10 += left1.Y * right0.Y; p11 += left1.Y * right1.Y; p12 += left1.Y * right2.Y; p13 += left1.Y * right3.Y;
                    p20 += left2.Y * right0.Y; p21 += left2.Y * right1.Y; p22 += left2.Y * right2.Y; p23 += left2.Y * right3.Y;
                    p30 += left3.Y * right0.Y; p31 += left3.Y * right1.Y; p32 += left3.Y * right2.Y; p33 += left3.Y * right3.Y;
                    p00 += left0.Z * right0.Z; p01 += left0.Z * right1.Z; p02 += left0.Z * right2.Z; p03 += left0.Z * right3.Z;
                    p10 += left1.Z * right0.Z; p11 += left1.Z * right1.Z; p12 += left1.Z * right2.Z; p13 += left1.Z * right3.Z;
                    p20 += left2.Z * right0.Z; p21 += left2.Z * right1.Z; p22 += left2.Z * right2.Z; p23 += left2.Z * right3.Z;
                    p30 += left3.Z * right0.Z; p31 += left3.Z * right1.Z; p32 += left3.Z * right2.Z; p33 += left3.Z * right3.Z;
                    p00 += left0.W * right0.W; p01 += left0.W * right1.W; p02 += left0.W * right2.W; p03 += left0.W * right3.W;
                    p10 += left1.W * right0.W; p11 += left1.W * right1.W; p12 += left1.W * right2.W; p13 += left1.W * right3.W;
                    p20 += left2.W * right0.W; p21 += left2.W * right1.W; p22 += left2.W * right2.W; p23 += left2.W * right3.W;
                    p30 += left3.W * right0.W; p31 += left3.W * right1.W; p32 += left3.W * right2.W; p33 += left3.W * right3.W;
                }
                s00 = firstQuery + threadRow < queries && firstKey + threadColumn < keyCount ? XMath.Exp(s00 * 0.125f - logSum0) : 0;
                slopes[threadRow * 36 + threadColumn] = s00 * (p00 - delta0) * 0.125f;
                s01 = firstQuery + threadRow < queries && firstKey + (threadColumn + 8) < keyCount ? XMath.Exp(s01 * 0.125f - logSum0) : 0;
                slopes[threadRow * 36 + (threadColumn + 8)] = s01 * (p01 - delta0) * 0.125f;
                s02 = firstQuery + threadRow < queries && firstKey + (threadColumn + 16) < keyCount ? XMath.Exp(s02 * 0.125f - logSum0) : 0;
                slopes[threadRow * 36 + (threadColumn + 16)] = s02 * (p02 - delta0) * 0.125f;
                s03 = firstQuery + threadRow < queries && firstKey + (threadColumn + 24) < keyCount ? XMath.Exp(s03 * 0.125f - logSum0) : 0;
                slopes[threadRow * 36 + (threadColumn + 24)] = s03 * (p03 - delta0) * 0.125f;
                s10 = firstQuery + (threadRow + 8) < queries && firstKey + threadColumn < keyCount ? XMath.Exp(s10 * 0.125f - logSum1) : 0;
                slopes[(threadRow + 8) * 36 + threadColumn] = s10 * (p10 - delta1) * 0.125f;
                s11 = firstQuery + (threadRow + 8) < queries && firstKey + (threadColumn + 8) < keyCount ? XMath.Exp(s11 * 0.125f - logSum1) : 0;
                slopes[(threadRow + 8) * 36 + (threadColumn + 8)] = s11 * (p11 - delta1) * 0.125f;
                s12 = firstQuery + (threadRow + 8) < queries && firstKey + (threadColumn + 16) < keyCount ? XMath.Exp(s12 * 0.125f - logSum1) : 0;
                slopes[(threadRow + 8) * 36 + (threadColumn + 16)] = s12 * (p12 - delta1) * 0.125f;
                s13 = firstQuery + (threadRow + 8) < queries && firstKey + (threadColumn + 24) < keyCount ? XMath.Exp(s13 * 0.125f - logSum1) : 0;
                slopes[(threadRow + 8) * 36 + (threadColumn + 24)] = s13 * (p13 - delta1) * 0.125f;
                s20 = firstQuery + (threadRow + 16) < queries && firstKey + threadColumn < keyCount ? XMath.Exp(s20 * 0.125f - logSum2) : 0;
                slopes[(threadRow + 16) * 36 + threadColumn] = s20 * (p20 - delta2) * 0.125f;
                s21 = firstQuery + (threadRow + 16) < queries && firstKey + (threadColumn + 8) < keyCount ? XMath.Exp(s21 * 0.125f - logSum2) : 0;
                slopes[(threadRow + 16) * 36 + (threadColumn + 8)] = s21 * (p21 - delta2) * 0.125f;
                s22 = firstQuery + (threadRow + 16) < queries && firstKey + (threadColumn + 16) < keyCount ? XMath.Exp(s22 * 0.125f - logSum2) : 0;
                slopes[(threadRow + 16) * 36 + (threadColumn + 16)] = s22 * (p22 - delta2) * 0.125f;
                s23 = firstQuery + (threadRow + 16) < queries && firstKey + (threadColumn + 24) < keyCount ? XMath.Exp(s23 * 0.125f - logSum2) : 0;
                slopes[(threadRow + 16) * 36 + (threadColumn + 24)] = s23 * (p23 - delta2) * 0.125f;
                s30 = firstQuery + (threadRow + 24) < queries && firstKey + threadColumn < keyCount ? XMath.Exp(s30 * 0.125f - logSum3) : 0;
                slopes[(threadRow + 24) * 36 + threadColumn] = s30 * (p30 - delta3) * 0.125f;
                s31 = firstQuery + (threadRow + 24) < queries && firstKey + (threadColumn + 8) < keyCount ? XMath.Exp(s31 * 0.125f - logSum3) : 0;
                slopes[(threadRow + 24) * 36 + (threadColumn + 8)] = s31 * (p31 - delta3) * 0.125f;
                s32 = firstQuery + (threadRow + 24) < queries && firstKey + (threadColumn + 16) < keyCount ? XMath.Exp(s32 * 0.125f - logSum3) : 0;
                slopes[(threadRow + 24) * 36 + (threadColumn + 16)] = s32 * (p32 - delta3) * 0.125f;
                s33 = firstQuery + (threadRow + 24) < queries && firstKey + (threadColumn + 24) < keyCount ? XMath.Exp(s33 * 0.125f - logSum3) : 0;
                slopes[(threadRow + 24) * 36 + (threadColumn + 24)] = s33 * (p33 - delta3) * 0.125f;
                Group.Barrier();
                for (int k = 0; k < 32; k += 4)
                {
                    Float4 left0 = slopes4[threadRow * 9 + k / 4];
                    Float4 left1 = slopes4[(threadRow + 8) * 9 + k / 4];
                    Float4 left2 = slopes4[(threadRow + 16) * 9 + k / 4];
                    Float4 left3 = slopes4[(threadRow + 24) * 9 + k / 4];
                    Float4 right0_0 = keyTile4[k * 17 + threadColumn];
                    Float4 right0_1 = keyTile4[k * 17 + (threadColumn + 8)];
                    g00 += left0.X * right0_0.X; g01 += left0.X * right0_0.Y; g02 += left0.X * right0_0.Z; g03 += left0.X * right0_0.W; g04 += left0.X * right0_1.X; g05 += left0.X * right0_1.Y; g06 += left0.X * right0_1.Z; g07 += left0.X * right0_1.W;
                    g10 += left1.X * right0_0.X; g11 += left1.X * right0_0.Y; g12 += left1.X * right0_0.Z; g13 += left1.X * right0_0.W; g14 += left1.X * right0_1.X; g15 += left1.X * right0_1.Y; g16 += left1.X * right0_1.Z; g17 += left1.X * right0_1.W;
                    g20 += left2.X * right0_0.X; g21 += left2.X * right0_0.Y; g22 += left2.X * right0_0.Z; g23 += left2.X * right0_0.W; g24 += left2.X * right0_1.X; g25 += left2.X * right0_1.Y; g26 += left2.X * right0_1.Z; g27 += left2.X * right0_1.W;
                    g30 += left3.X * right0_0.X; g31 += left3.X * right0_0.Y; g32 += left3.X * right0_0.Z; g33 += left3.X * right0_0.W; g34 += left3.X * right0_1.X; g35 += left3.X * right0_1.Y; g36 += left3.X * right0_1.Z; g37 += left3.X * right0_1.W;
                    Float4 right1_0 = keyTile4[(k + 1) * 17 + threadColumn];
                    Float4 right1_1 = keyTile4[(k + 1) * 17 + (threadColumn + 8)];
                    g00 += left0.Y * right1_0.X; g01 += left0.Y * right1_0.Y; g02 += left0.Y * right1_0.Z; g03 += left0.Y * right1_0.W; g04 += left0.Y * right1_1.X; g05 += left0.Y * right1_1.Y; g06 += left0.Y * right1_1.Z; g07 += left0.Y * right1_1.W;
                    g10 += left1.Y * right1_0.X; g11 += left1.Y * right1_0.Y; g12 += left1.Y * right1_0.Z; g13 += left1.Y * right1_0.W; g14 += left1.Y * right1_1.X; g15 += left1.Y * right1_1.Y; g16 += left1.Y * right1_1.Z; g17 += left1.Y * right1_1.W;
                    g20 += left2.Y * right1_0.X; g21 += left2.Y * right1_0.Y; g22 += left2.Y * right1_0.Z; g23 += left2.Y * right1_0.W; g24 += left2.Y * right1_1.X; g25 += left2.Y * right1_1.Y; g26 += left2.Y * right1_1.Z; g27 += left2.Y * right1_1.W;
                    g30 += left3.Y * right1_0.X; g31 += left3.Y * right1_0.Y; g32 += left3.Y * right1_0.Z; g33 += left3.Y * right1_0.W; g34 += left3.Y * right1_1.X; g35 += left3.Y * right1_1.Y; g36 += left3.Y * right1_1.Z; g37 += left3.Y * right1_1.W;
                    Float4 right2_0 = keyTile4[(k + 2) * 17 + threadColumn];
                    Float4 right2_1 = keyTile4[(k + 2) * 17 + (threadColumn + 8)];
                    g00 += left0.Z * right2_0.X; g01 += left0.Z * right2_0.Y; g02 += left0.Z * right2_0.Z; g03 += left0.Z * right2_0.W; g04 += left0.Z * right2_1.X; g05 += left0.Z * right2_1.Y; g06 += left0.Z * right2_1.Z; g07 += left0.Z * right2_1.W;
                    g10 += left1.Z * right2_0.X; g11 += left1.Z * right2_0.Y; g12 += left1.Z * right2_0.Z; g13 += left1.Z * right2_0.W; g14 += left1.Z * right2_1.X; g15 += left1.Z * right2_1.Y; g16 += left1.Z * right2_1.Z; g17 += left1.Z * right2_1.W;
                    g20 += left2.Z * right2_0.X; g21 += left2.Z * right2_0.Y; g22 += left2.Z * right2_0.Z; g23 += left2.Z * right2_0.W; g24 += left2.Z * right2_1.X; g25 += left2.Z * right2_1.Y; g26 += left2.Z * right2_1.Z; g27 += left2.Z * right2_1.W;
                    g30 += left3.Z * right2_0.X; g31 += left3.Z * right2_0.Y; g32 += left3.Z * right2_0.Z; g33 += left3.Z * right2_0.W; g34 += left3.Z * right2_1.X; g35 += left3.Z * right2_1.Y; g36 += left3.Z * right2_1.Z; g37 += left3.Z * right2_1.W;
                    Float4 right3_0 = keyTile4[(k + 3) * 17 + threadColumn];
                    Float4 right3_1 = keyTile4[(k + 3) * 17 + (threadColumn + 8)];
                    g00 += left0.W * right3_0.X; g01 += left0.W * right3_0.Y; g02 += left0.W * right3_0.Z; g03 += left0.W * right3_0.W; g04 += left0.W * right3_1.X; g05 += left0.W * right3_1.Y; g06 += left0.W * right3_1.Z; g07 += left0.W * right3_1.W;
                    g10 += left1.W * right3_0.X; g11 += left1.W * right3_0.Y; g12 += left1.W * right3_0.Z; g13 += left1.W * right3_0.W; g14 += left1.W * right3_1.X; g15 += left1.W * right3_1.Y; g16 += left1.W * right3_1.Z; g17 += left1.W * right3_1.W;
                    g20 += left2.W * right3_0.X; g21 += left2.W * right3_0.Y; g22 += left2.W * right3_0.Z; g23 += left2.W * right3_0.W; g24 += left2.W * right3_1.X; g25 += left2.W * right3_1.Y; g26 += left2.W * right3_1.Z; g27 += left2.W * right3_1.W;
                    g30 += left3.W * right3_0.X; g31 += left3.W * right3_0.Y; g32 += left3.W * right3_0.Z; g33 += left3.W * right3_0.W; g34 += left3.W * right3_1.X; g35 += left3.W * right3_1.Y; g36 += left3.W * right3_1.Z; g37 += left3.W * right3_1.W;
                }
            }
        }

        if (firstQuery + threadRow < queries)
        {
            int to = firstQuery + threadRow;
            dQueryFours[image * (long)dQueryImage + to * dQueryRow + head * 16 + threadColumn] = new(g00, g01, g02, g03);
            dQueryFours[image * (long)dQueryImage + to * dQueryRow + head * 16 + (threadColumn + 8)] = new(g04, g05, g06, g07);
        }
        if (firstQuery + (threadRow + 8) < queries)
        {
            int to = firstQuery + (threadRow + 8);
            dQueryFours[image * (long)dQueryImage + to * dQueryRow + head * 16 + threadColumn] = new(g10, g11, g12, g13);
            dQueryFours[image * (long)dQueryImage + to * dQueryRow + head * 16 + (threadColumn + 8)] = new(g14, g15, g16, g17);
        }
        if (firstQuery + (threadRow + 16) < queries)
        {
            int to = firstQuery + (threadRow + 16);
            dQueryFours[image * (long)dQueryImage + to * dQueryRow + head * 16 + threadColumn] = new(g20, g21, g22, g23);
            dQueryFours[image * (long)dQueryImage + to * dQueryRow + head * 16 + (threadColumn + 8)] = new(g24, g25, g26, g27);
        }
        if (firstQuery + (threadRow + 24) < queries)
        {
            int to = firstQuery + (threadRow + 24);
            dQueryFours[image * (long)dQueryImage + to * dQueryRow + head * 16 + threadColumn] = new(g30, g31, g32, g33);
            dQueryFours[image * (long)dQueryImage + to * dQueryRow + head * 16 + (threadColumn + 8)] = new(g34, g35, g36, g37);
        }
    }
