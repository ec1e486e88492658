
    /// <summary>output [batch, queries, 768], logSum [batch, queries, 12] = Attention(query, keys0, values0, keys1, values1). Tiles of 32 queries and 32 keys for 64 threads.</summary>
    public static void Attention12HeadsOf64_9d488619(int batch, int queries, int queryRow, int queryImage, int key0Count, int key0Row, int key0Image, int key1Count, int key1Row, int key1Image, ArrayView<float> query, ArrayView<float> keys0, ArrayView<float> values0, ArrayView<float> keys1, ArrayView<float> values1, ArrayView<float> output, ArrayView<float> logSum)
    {
        ArrayView<Float4> queryTile4 = SharedMemory.Allocate<Float4>(544); // [32, 64 + 4] floats
        ArrayView<float> queryTile = queryTile4.Cast<float>();
        ArrayView<Float4> keyTile4 = SharedMemory.Allocate<Float4>(544); // [32, 64 + 4] floats
        ArrayView<float> keyTile = keyTile4.Cast<float>();
        ArrayView<Float4> valueTile4 = SharedMemory.Allocate<Float4>(544); // [32, 64 + 4] floats
        ArrayView<float> valueTile = valueTile4.Cast<float>();
        ArrayView<Float4> weights4 = SharedMemory.Allocate<Float4>(288); // [32, 32 + 4] floats
        ArrayView<float> weights = weights4.Cast<float>();
        ArrayView<float> maxima = SharedMemory.Allocate<float>(256); // [32, 8]
        ArrayView<float> totals = SharedMemory.Allocate<float>(256); // [32, 8]
        ArrayView<Float4> queryFours = query.Cast<Float4>();
        ArrayView<Float4> keys0Fours = keys0.Cast<Float4>();
        ArrayView<Float4> values0Fours = values0.Cast<Float4>();
        ArrayView<Float4> keys1Fours = keys1.Cast<Float4>();
        ArrayView<Float4> values1Fours = values1.Cast<Float4>();
        ArrayView<Float4> outputFours = output.Cast<Float4>();
        int threadColumn = Group.IdxX, threadRow = Group.IdxY, thread = threadRow * 8 + threadColumn, head = Grid.IdxY;
        int firstQuery = Grid.IdxX * 32, image = Grid.IdxZ;
        for (int i = thread; i < 512; i += 64)
        {
            int row = i / 16, d = i % 16;
            queryTile4[row * 17 + d] = firstQuery + row < queries ? queryFours[image * (long)queryImage + (firstQuery + row) * queryRow + head * 16 + d] : default;
        }

        // The largest score so far of each of this thread's queries, the sum of its weights, and its result.
        float max0 = float.NegativeInfinity, max1 = float.NegativeInfinity, max2 = float.NegativeInfinity, max3 = float.NegativeInfinity;
        float total0 = 0, total1 = 0, total2 = 0, total3 = 0;
        float o00 = 0, o01 = 0, o02 = 0, o03 = 0, o04 = 0, o05 = 0, o06 = 0, o07 = 0;
        float o10 = 0, o11 = 0, o12 = 0, o13 = 0, o14 = 0, o15 = 0, o16 = 0, o17 = 0;
        float o20 = 0, o21 = 0, o22 = 0, o23 = 0, o24 = 0, o25 = 0, o26 = 0, o27 = 0;
        float o30 = 0, o31 = 0, o32 = 0, o33 = 0, o34 = 0, o35 = 0, o36 = 0, o37 = 0;

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
                s00 = firstKey + threadColumn < keyCount ? s00 * 0.125f : float.NegativeInfinity;
                s01 = firstKey + (threadColumn + 8) < keyCount ? s01 * 0.125f : float.NegativeInfinity;
                s02 = firstKey + (threadColumn + 16) < keyCount ? s02 * 0.125f : float.NegativeInfinity;
                s03 = firstKey + (threadColumn + 24) < keyCount ? s03 * 0.125f : float.NegativeInfinity;
                s10 = firstKey + threadColumn < keyCount ? s10 * 0.125f : float.NegativeInfinity;
                s11 = firstKey + (threadColumn + 8) < keyCount ? s11 * 0.125f : float.NegativeInfinity;
                s12 = firstKey + (threadColumn + 16) < keyCount ? s12 * 0.125f : float.NegativeInfinity;
                s13 = firstKey + (threadColumn + 24) < keyCount ? s13 * 0.125f : float.NegativeInfinity;
                s20 = firstKey + threadColumn < keyCount ? s20 * 0.125f : float.NegativeInfinity;
                s21 = firstKey + (threadColumn + 8) < keyCount ? s21 * 0.125f : float.NegativeInfinity;
                s22 = firstKey + (threadColumn + 16) < keyCount ? s22 * 0.125f : float.NegativeInfinity;
                s23 = firstKey + (threadColumn + 24) < keyCount ? s23 * 0.125f : float.NegativeInfinity;
                s30 = firstKey + threadColumn < keyCount ? s30 * 0.125f : float.NegativeInfinity;
                s31 = firstKey + (threadColumn + 8) < keyCount ? s31 * 0.125f : float.NegativeInfinity;
                s32 = firstKey + (threadColumn + 16) < keyCount ? s32 * 0.125f : float.NegativeInfinity;
                s33 = firstKey + (threadColumn + 24) < keyCount ? s33 * 0.125f : float.NegativeInfinity;

                // The largest score of each query, from what the threads of its line have.
                maxima[threadRow * 8 + threadColumn] = XMath.Max(XMath.Max(XMath.Max(s00, s01), s02), s03);
                maxima[(threadRow + 8) * 8 + threadColumn] = XMath.Max(XMath.Max(XMath.Max(s10, s11), s12), s13);
                maxima[(threadRow + 16) * 8 + threadColumn] = XMath.Max(XMath.Max(XMath.Max(s20, s21), s22), s23);
                maxima[(threadRow + 24) * 8 + threadColumn] = XMath.Max(XMath.Max(XMath.Max(s30, s31), s32), s33);
                Group.Barrier();
                float next0 = max0, next1 = max1, next2 = max2, next3 = max3;
                for (int other = 0; other < 8; other++)
                {
                    next0 = XMath.Max(next0, maxima[threadRow * 8 + other]);
                    next1 = XMath.Max(next1, maxima[(threadRow + 8) * 8 + other]);
                    next2 = XMath.Max(next2, maxima[(threadRow + 16) * 8 + other]);
                    next3 = XMath.Max(next3, maxima[(threadRow + 24) * 8 + other]);
                }

                float shrink0 = XMath.Exp(max0 - next0);
                max0 = next0;
                s00 = XMath.Exp(s00 - max0);
                s01 = XMath.Exp(s01 - max0);
                s02 = XMath.Exp(s02 - max0);
                s03 = XMath.Exp(s03 - max0);
                weights[threadRow * 36 + threadColumn] = s00;
                weights[threadRow * 36 + (threadColumn + 8)] = s01;
                weights[threadRow * 36 + (threadColumn + 16)] = s02;
                weights[threadRow * 36 + (threadColumn + 24)] = s03;
                totals[threadRow * 8 + threadColumn] = s00 + s01 + s02 + s03;
                total0 *= shrink0;
                float shrink1 = XMath.Exp(max1 - next1);
                max1 = next1;
                s10 = XMath.Exp(s10 - max1);
                s11 = XMath.Exp(s11 - max1);
                s12 = XMath.Exp(s12 - max1);
                s13 = XMath.Exp(s13 - max1);
                weights[(threadRow + 8) * 36 + threadColumn] = s10;
                weights[(threadRow + 8) * 36 + (threadColumn + 8)] = s11;
                weights[(threadRow + 8) * 36 + (threadColumn + 16)] = s12;
                weights[(threadRow + 8) * 36 + (threadColumn + 24)] = s13;
                totals[(threadRow + 8) * 8 + threadColumn] = s10 + s11 + s12 + s13;
                total1 *= shrink1;
                float shrink2 = XMath.Exp(max2 - next2);
                max2 = next2;
                s20 = XMath.Exp(s20 - max2);
                s21 = XMath.Exp(s21 - max2);
                s22 = XMath.Exp(s22 - max2);
                s23 = XMath.Exp(s23 - max2);
                weights[(threadRow + 16) * 36 + threadColumn] = s20;
                weights[(threadRow + 16) * 36 + (threadColumn + 8)] = s21;
                weights[(threadRow + 16) * 36 + (threadColumn + 16)] = s22;
                weights[(threadRow + 16) * 36 + (threadColumn + 24)] = s23;
                totals[(threadRow + 16) * 8 + threadColumn] = s20 + s21 + s22 + s23;
                total2 *= shrink2;
                float shrink3 = XMath.Exp(max3 - next3);
                max3 = next3;
                s30 = XMath.Exp(s30 - max3);
                s31 = XMath.Exp(s31 - max3);
                s32 = XMath.Exp(s32 - max3);
                s33 = XMath.Exp(s33 - max3);
                weights[(threadRow + 24) * 36 + threadColumn] = s30;
                weights[(threadRow + 24) * 36 + (threadColumn + 8)] = s31;
                weights[(threadRow + 24) * 36 + (threadColumn + 16)] = s32;
                weights[(threadRow + 24) * 36 + (threadColumn + 24)] = s33;
                totals[(threadRow + 24) * 8 + threadColumn] = s30 + s31 + s32 + s33;
                total3 *= shrink3;
                Group.Barrier();
                for (int other = 0; other < 8; other++)
                {
                    total0 += totals[threadRow * 8 + other];
                    total1 += totals[(threadRow + 8) * 8 + other];
                    total2 += totals[(threadRow + 16) * 8 + other];
                    total3 += totals[(threadRow + 24) * 8 + other];
                }

                o00 *= shrink0; o01 *= shrink0; o02 *= shrink0; o03 *= shrink0; o04 *= shrink0; o05 *= shrink0; o06 *= shrink0; o07 *= shrink0;
                o10 *= shrink1; o11 *= shrink1; o12 *= shrink1; o13 *= shrink1; o14 *= shrink1; o15 *= shrink1; o16 *= shrink1; o17 *= shrink1;
                o20 *= shrink2; o21 *= shrink2; o22 *= shrink2; o23 *= shrink2; o24 *= shrink2; o25 *= shrink2; o26 *= shrink2; o27 *= shrink2;
                o30 *= shrink3; o31 *= shrink3; o32 *= shrink3; o33 *= shrink3; o34 *= shrink3; o35 *= shrink3; o36 *= shrink3; o37 *= shrink3;
                for (int k = 0; k < 32; k += 4)
                {
                    Float4 left0 = weights4[threadRow * 9 + k / 4];
                    Float4 left1 = weights4[(threadRow + 8) * 9 + k / 4];
                    Float4 left2 = weights4[(threadRow + 16) * 9 + k / 4];
                    Float4 left3 = weights4[(threadRow + 24) * 9 + k / 4];
                    Float4 right0_0 = valueTile4[k * 17 + threadColumn];
                    Float4 right0_1 = valueTile4[k * 17 + (threadColumn + 8)];
                    o00 += left0.X * right0_0.X; o01 += left0.X * right0_0.Y; o02 += left0.X * right0_0.Z; o03 += left0.X * right0_0.W; o04 += left0.X * right0_1.X; o05 += left0.X * right0_1.Y; o06 += left0.X * right0_1.Z; o07 += left0.X * right0_1.W;
                    o10 += left1.X * right0_0.X; o11 += left1.X * right0_0.Y; o12 += left1.X * right0_0.Z; o13 += left1.X * right0_0.W; o14 += left1.X * right0_1.X; o15 += left1.X * right0_1.Y; o16 += left1.X * right0_1.Z; o17 += left1.X * right0_1.W;
                    o20 += left2.X * right0_0.X; o21 += left2.X * right0_0.Y; o22 += left2.X * right0_0.Z; o23 += left2.X * right0_0.W; o24 += left2.X * right0_1.X; o25 += left2.X * right0_1.Y; o26 += left2.X * right0_1.Z; o27 += left2.X * right0_1.W;
                    o30 += left3.X * right0_0.X; o31 += left3.X * right0_0.Y; o32 += left3.X * right0_0.Z; o33 += left3.X * right0_0.W; o34 += left3.X * right0_1.X; o35 += left3.X * right0_1.Y; o36 += left3.X * right0_1.Z; o37 += left3.X * right0_1.W;
                    Float4 right1_0 = valueTile4[(k + 1) * 17 + threadColumn];
                    Float4 right1_1 = valueTile4[(k + 1) * 17 + (threadColumn + 8)];
                    o00 += left0.Y * right1_0.X; o01 += left0.Y * right1_0.Y; o02 += left0.Y * right1_0.Z; o03 += left0.Y * right1_0.W; o04 += left0.Y * right1_1.X; o05 += left0.Y * right1_1.Y; o06 += left0.Y * right1_1.Z; o07 += left0.Y * right1_1.W;
                    o10 += left1.Y * right1_0.X; o11 += left1.Y * right1_0.Y; o12 += left1.Y * right1_0.Z; o13 += left1.Y * right1_0.W; o14 += left1.Y * right1_1.X; o15 += left1.Y * right1_1.Y; o16 += left1.Y * right1_1.Z; o17 += left1.Y * right1_1.W;
                    o20 += left2.Y * right1_0.X; o21 += left2.Y * right1_0.Y; o22 += left2.Y * right1_0.Z; o23 += left2.Y * right1_0.W; o24 += left2.Y * right1_1.X; o25 += left2.Y * right1_1.Y; o26 += left2.Y * right1_1.Z; o27 += left2.Y * right1_1.W;
                    o30 += left3.Y * right1_0.X; o31 += left3.Y * right1_0.Y; o32 += left3.Y * right1_0.Z; o33 += left3.Y * right1_0.W; o34 += left3.Y * right1_1.X; o35 += left3.Y * right1_1.Y; o36 += left3.Y * right1_1.Z; o37 += left3.Y * right1_1.W;
                    Float4 right2_0 = valueTile4[(k + 2) * 17 + threadColumn];
                    Float4 right2_1 = valueTile4[(k + 2) * 17 + (threadColumn + 8)];
                    o00 += left0.Z * right2_0.X; o01 += left0.Z * right2_0.Y; o02 += left0.Z * right2_0.Z; o03 += left0.Z * right2_0.W; o04 += left0.Z * right2_1.X; o05 += left0.Z * right2_1.Y; o06 += left0.Z * right2_1.Z; o07 += left0.Z * right2_1.W;
                    o10 += left1.Z * right2_0.X; o11 += left1.Z * right2_0.Y; o12 += left1.Z * right2_0.Z; o13 += left1.Z * right2_0.W; o14 += left1.Z * right2_1.X; o15 += left1.Z * right2_1.Y; o16 += left1.Z * right2_1.Z; o17 += left1.Z * right2_1.W;
                    o20 += left2.Z * right2_0.X; o21 += left2.Z * right2_0.Y; o22 += left2.Z * right2_0.Z; o23 += left2.Z * right2_0.W; o24 += left2.Z * right2_1.X; o25 += left2.Z * right2_1.Y; o26 += left2.Z * right2_1.Z; o27 += left2.Z * right2_1.W;
                    o30 += left3.Z * right2_0.X; o31 += left3.Z * right2_0.Y; o32 += left3.Z * right2_0.Z; o33 += left3.Z * right2_0.W; o34 += left3.Z * right2_1.X; o35 += left3.Z * right2_1.Y; o36 += left3.Z * right2_1.Z; o37 += left3.Z * right2_1.W;
                    Float4 right3_0 = valueTile4[(k + 3) * 17 + threadColumn];
                    Float4 right3_1 = valueTile4[(k + 3) * 17 + (threadColumn + 8)];
                    o00 += left0.W * right3_0.X; o01 += left0.W * right3_0.Y; o02 += left0.W * right3_0.Z; o03 += left0.W * right3_0.W; o04 += left0.W * right3_1.X; o05 += left0.W * right3_1.Y; o06 += left0.W * right3_1.Z; o07 += left0.W * right3_1.W;
                    o10 += left1.W * right3_0.X; o11 += left1.W * right3_0.Y; o12 += left1.W * right3_0.Z; o13 += left1.W * right3_0.W; o14 += left1.W * right3_1.X; o15 += left1.W * right3_1.Y; o16 += left1.W * right3_1.Z; o17 += left1.W * right3_1.W;
                    o20 += left2.W * right3_0.X; o21 += left2.W * right3_0.Y; o22 += left2.W * right3_0.Z; o23 += left2.W * right3_0.W; o24 += left2.W * right3_1.X; o25 += left2.W * right3_1.Y; o26 += left2.W * right3_1.Z; o27 += left2.W * right3_1.W;
                    o30 += left3.W * right3_0.X; o31 += left3.W * right3_0.Y; o32 += left3.W * right3_0.Z; o33 += left3.W * right3_0.W; o34 += left3.W * right3_1.X; o35 += left3.W * right3_1.Y; o36 += left3.W * right3_1.Z; o37 += left3.W * right3_1.W;
                }
            }
        }

        o00 /= total0; o01 /= total0; o02 /= total0; o03 /= total0; o04 /= total0; o05 /= total0; o06 /= total0; o07 /= total0;
        o10 /= total1; o11 /= total1; o12 /= total1; o13 /= total1; o14 /= total1; o15 /= total1; o16 /= total1; o17 /= total1;
        o20 /= total2; o21 /= total2; o22 /= total2; o23 /= total2; o24 /= total2; o25 /= total2; o26 /= total2; o27 /= total2;
        o30 /= total3; o31 /= total3; o32 /= total3; o33 /= total3; o34 /= total3; o35 /= total3; o36 /= total3; o37 /= total3;
        if (firstQuery + threadRow < queries)
        {
            int to = firstQuery + threadRow;
            outputFours[image * (queries * 192L) + to * 192 + head * 16 + threadColumn] = new(o00, o01, o02, o03);
            outputFours[image * (queries * 192L) + to * 192 + head * 16 + (threadColumn + 8)] = new(o04, o05, o06, o07);
        }
        if (firstQuery + (threadRow + 8) < queries)
        {
            int to = firstQuery + (threadRow + 8);
            outputFours[image * (queries * 192L) + to * 192 + head * 16 + threadColumn] = new(o10, o11, o12, o13);
            outputFours[image * (queries * 192L) + to * 192 + head * 16 + (threadColumn + 8)] = new(o14, o15, o16, o17);
        }
        if (firstQuery + (threadRow + 16) < queries)
        {
            int to = firstQuery + (threadRow + 16);
            outputFours[image * (queries * 192L) + to * 192 + head * 16 + threadColumn] = new(o20, o21, o22, o23);
            outputFours[image * (queries * 192L) + to * 192 + head * 16 + (threadColumn + 8)] = new(o24, o25, o26, o27);
        }
        if (firstQuery + (threadRow + 24) < queries)
        {
            int to = firstQuery + (threadRow + 24);
            outputFours[image * (queries * 192L) + to * 192 + head * 16 + threadColumn] = new(o30, o31, o32, o33);
            outputFours[image * (queries * 192L) + to * 192 + head * 16 + (threadColumn + 8)] = new(o34, o35, o36, o37);
        }
        if (threadColumn == 0 && firstQuery + threadRow < queries)
            logSum[image * (queries * 12L) + (firstQuery + threadRow) * 12 + head] = max0 + XMath.Log(total0);
        if (threadColumn == 0 && firstQuery + (threadRow + 8) < queries)
            logSum[image * (queries * 12L) + (firstQuery + (threadRow + 8)) * 12 + head] = max1 + XMath.Log(total1);
        if (threadColumn == 0 && firstQuery + (threadRow + 16) < queries)
            logSum[image * (queries * 12L) + (firstQuery + (threadRow + 16)) * 12 + head] = max2 + XMath.Log(total2);
        if (threadColumn == 0 && firstQuery + (threadRow + 24) < queries)
            logSum[image * (queries * 12L) + (firstQuery + (threadRow + 24)) * 12 + head] = max3 + XMath.Log(total3);
    }
