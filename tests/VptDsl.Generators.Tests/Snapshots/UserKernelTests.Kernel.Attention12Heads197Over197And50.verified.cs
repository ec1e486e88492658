
        /// <summary>output [batch, 197, 768], logSum [batch, 197, 12] = Attention(query, key0, value0, key1, value1). Tiles of 32 queries and 32 keys for 64 threads.</summary>
        public static void Attention12Heads197Over197And50(int batch, ArrayView<float> query, ArrayView<float> key0, ArrayView<float> value0, ArrayView<float> key1, ArrayView<float> value1, ArrayView<float> output, ArrayView<float> logSum)
        {
            ArrayView<float> queryTile = SharedMemory.Allocate<float>(2080); // [32, 64 + 1]
            ArrayView<float> keyTile = SharedMemory.Allocate<float>(2080); // [32, 64 + 1]
            ArrayView<float> valueTile = SharedMemory.Allocate<float>(2080); // [32, 64 + 1]
            ArrayView<float> scores = SharedMemory.Allocate<float>(1056); // [32, 32 + 1]
            ArrayView<float> maxima = SharedMemory.Allocate<float>(32);
            ArrayView<float> totals = SharedMemory.Allocate<float>(32);
            ArrayView<float> shrinks = SharedMemory.Allocate<float>(32);
            int threadColumn = Group.IdxX, threadRow = Group.IdxY, thread = threadRow * 8 + threadColumn;
            int firstQuery = Grid.IdxX * 32, head = Grid.IdxY;
            int image = Grid.IdxZ;
            for (int i = thread; i < 2048; i += 64)
            {
                int row = i / 64, d = i % 64;
                queryTile[row * 65 + d] = firstQuery + row < 197 ? query[image * 453888L + (firstQuery + row) * 2304 + head * 64 + d] : 0;
            }
            for (int row = thread; row < 32; row += 64)
            {
                maxima[row] = float.NegativeInfinity;
                totals[row] = 0;
            }
            float o00 = 0, o01 = 0, o02 = 0, o03 = 0, o04 = 0, o05 = 0, o06 = 0, o07 = 0;
            float o10 = 0, o11 = 0, o12 = 0, o13 = 0, o14 = 0, o15 = 0, o16 = 0, o17 = 0;
            float o20 = 0, o21 = 0, o22 = 0, o23 = 0, o24 = 0, o25 = 0, o26 = 0, o27 = 0;
            float o30 = 0, o31 = 0, o32 = 0, o33 = 0, o34 = 0, o35 = 0, o36 = 0, o37 = 0;

            // key0 [batch, 197, 768], value0 [batch, 197, 768]
            for (int firstKey = 0; firstKey < 197; firstKey += 32)
            {
                Group.Barrier();
                for (int i = thread; i < 2048; i += 64)
                {
                    int row = i / 64, d = i % 64;
                    keyTile[row * 65 + d] = firstKey + row < 197 ? key0[image * 453888L + (firstKey + row) * 2304 + head * 64 + d] : 0;
                }
                for (int i = thread; i < 2048; i += 64)
                {
                    int row = i / 64, d = i % 64;
                    valueTile[row * 65 + d] = firstKey + row < 197 ? value0[image * 453888L + (firstKey + row) * 2304 + head * 64 + d] : 0;
                }
                Group.Barrier();

                float s00 = 0, s01 = 0, s02 = 0, s03 = 0;
                float s10 = 0, s11 = 0, s12 = 0, s13 = 0;
                float s20 = 0, s21 = 0, s22 = 0, s23 = 0;
                float s30 = 0, s31 = 0, s32 = 0, s33 = 0;
                for (int d = 0; d < 64; d++)
                {
                    float left0 = queryTile[threadRow * 65 + d];
                    float left1 = queryTile[(threadRow + 8) * 65 + d];
                    float left2 = queryTile[(threadRow + 16) * 65 + d];
                    float left3 = queryTile[(threadRow + 24) * 65 + d];
                    float right0 = keyTile[threadColumn * 65 + d];
                    float right1 = keyTile[(threadColumn + 8) * 65 + d];
                    float right2 = keyTile[(threadColumn + 16) * 65 + d];
                    float right3 = keyTile[(threadColumn + 24) * 65 + d];
                    s00 += left0 * right0; s01 += left0 * right1; s02 += left0 * right2; s03 += left0 * right3;
                    s10 += left1 * right0; s11 += left1 * right1; s12 += left1 * right2; s13 += left1 * right3;
                    s20 += left2 * right0; s21 += left2 * right1; s22 += left2 * right2; s23 += left2 * right3;
                    s30 += left3 * right0; s31 += left3 * right1; s32 += left3 * right2; s33 += left3 * right3;
                }
                scores[threadRow * 33 + threadColumn] = firstKey + threadColumn < 197 ? s00 * 0.125f : float.NegativeInfinity;
                scores[threadRow * 33 + (threadColumn + 8)] = firstKey + (threadColumn + 8) < 197 ? s01 * 0.125f : float.NegativeInfinity;
                scores[threadRow * 33 + (threadColumn + 16)] = firstKey + (threadColumn + 16) < 197 ? s02 * 0.125f : float.NegativeInfinity;
                scores[threadRow * 33 + (threadColumn + 24)] = firstKey + (threadColumn + 24) < 197 ? s03 * 0.125f : float.NegativeInfinity;
                scores[(threadRow + 8) * 33 + threadColumn] = firstKey + threadColumn < 197 ? s10 * 0.125f : float.NegativeInfinity;
                scores[(threadRow + 8) * 33 + (threadColumn + 8)] = firstKey + (threadColumn + 8) < 197 ? s11 * 0.125f : float.NegativeInfinity;
                scores[(threadRow + 8) * 33 + (threadColumn + 16)] = firstKey + (threadColumn + 16) < 197 ? s12 * 0.125f : float.NegativeInfinity;
                scores[(threadRow + 8) * 33 + (threadColumn + 24)] = firstKey + (threadColumn + 24) < 197 ? s13 * 0.125f : float.NegativeInfinity;
                scores[(threadRow + 16) * 33 + threadColumn] = firstKey + threadColumn < 197 ? s20 * 0.125f : float.NegativeInfinity;
                scores[(threadRow + 16) * 33 + (threadColumn + 8)] = firstKey + (threadColumn + 8) < 197 ? s21 * 0.125f : float.NegativeInfinity;
                scores[(threadRow + 16) * 33 + (threadColumn + 16)] = firstKey + (threadColumn + 16) < 197 ? s22 * 0.125f : float.NegativeInfinity;
                scores[(threadRow + 16) * 33 + (threadColumn + 24)] = firstKey + (threadColumn + 24) < 197 ? s23 * 0.125f : float.NegativeInfinity;
                scores[(threadRow + 24) * 33 + threadColumn] = firstKey + threadColumn < 197 ? s30 * 0.125f : float.NegativeInfinity;
                scores[(threadRow + 24) * 33 + (threadColumn + 8)] = firstKey + (threadColumn + 8) < 197 ? s31 * 0.125f : float.NegativeInfinity;
                scores[(threadRow + 24) * 33 + (threadColumn + 16)] = firstKey + (threadColumn + 16) < 197 ? s32 * 0.125f : float.NegativeInfinity;
                scores[(threadRow + 24) * 33 + (threadColumn + 24)] = firstKey + (threadColumn + 24) < 197 ? s33 * 0.125f : float.NegativeInfinity;
                Group.Barrier();

                for (int row = thread; row < 32; row += 64)
                {
                    float max = maxima[row];
                    for (int key = 0; key < 32; key++)
                        max = XMath.Max(max, scores[row * 33 + key]);
                    float shrink = XMath.Exp(maxima[row] - max), total = totals[row] * shrink;
                    for (int key = 0; key < 32; key++)
                    {
                        float weight = XMath.Exp(scores[row * 33 + key] - max);
                        scores[row * 33 + key] = weight;
                        total += weight;
                    }
                    maxima[row] = max;
                    totals[row] = total;
                    shrinks[row] = shrink;
                }
                Group.Barrier();

                float factor0 = shrinks[threadRow];
                o00 *= factor0; o01 *= factor0; o02 *= factor0; o03 *= factor0; o04 *= factor0; o05 *= factor0; o06 *= factor0; o07 *= factor0;
                float factor1 = shrinks[(threadRow + 8)];
                o10 *= factor1; o11 *= factor1; o12 *= factor1; o13 *= factor1; o14 *= factor1; o15 *= factor1; o16 *= factor1; o17 *= factor1;
                float factor2 = shrinks[(threadRow + 16)];
                o20 *= factor2; o21 *= factor2; o22 *= factor2; o23 *= factor2; o24 *= factor2; o25 *= factor2; o26 *= factor2; o27 *= factor2;
                float factor3 = shrinks[(threadRow + 24)];
                o30 *= factor3; o31 *= factor3; o32 *= factor3; o33 *= factor3; o34 *= factor3; o35 *= factor3; o36 *= factor3; o37 *= factor3;
                for (int key = 0; key < 32; key++)
                {
                    float left0 = scores[threadRow * 33 + key];
                    float left1 = scores[(threadRow + 8) * 33 + key];
                    float left2 = scores[(threadRow + 16) * 33 + key];
                    float left3 = scores[(threadRow + 24) * 33 + key];
                    float right0 = valueTile[key * 65 + threadColumn];
                    float right1 = valueTile[key * 65 + (threadColumn + 8)];
                    float right2 = valueTile[key * 65 + (threadColumn + 16)];
                    float right3 = valueTile[key * 65 + (threadColumn + 24)];
                    float right4 = valueTile[key * 65 + (threadColumn + 32)];
                    float right5 = valueTile[key * 65 + (threadColumn + 40)];
                    float right6 = valueTile[key * 65 + (threadColumn + 48)];
                    float right7 = valueTile[key * 65 + (threadColumn + 56)];
                    o00 += left0 * right0; o01 += left0 * right1; o02 += left0 * right2; o03 += left0 * right3; o04 += left0 * right4; o05 += left0 * right5; o06 += left0 * right6; o07 += left0 * right7;
                    o10 += left1 * right0; o11 += left1 * right1; o12 += left1 * right2; o13 += left1 * right3; o14 += left1 * right4; o15 += left1 * right5; o16 += left1 * right6; o17 += left1 * right7;
                    o20 += left2 * right0; o21 += left2 * right1; o22 += left2 * right2; o23 += left2 * right3; o24 += left2 * right4; o25 += left2 * right5; o26 += left2 * right6; o27 += left2 * right7;
                    o30 += left3 * right0; o31 += left3 * right1; o32 += left3 * right2; o33 += left3 * right3; o34 += left3 * right4; o35 += left3 * right5; o36 += left3 * right6; o37 += left3 * right7;
                }
            }

            // key1 [50, 768], value1 [50, 768]
            for (int firstKey = 0; firstKey < 50; firstKey += 32)
            {
                Group.Barrier();
                for (int i = thread; i < 2048; i += 64)
                {
                    int row = i / 64, d = i % 64;
                    keyTile[row * 65 + d] = firstKey + row < 50 ? key1[(firstKey + row) * 1536 + head * 64 + d] : 0;
                }
                for (int i = thread; i < 2048; i += 64)
                {
                    int row = i / 64, d = i % 64;
                    valueTile[row * 65 + d] = firstKey + row < 50 ? value1[(firstKey + row) * 1536 + head * 64 + d] : 0;
                }
                Group.Barrier();

                float s00 = 0, s01 = 0, s02 = 0, s03 = 0;
                float s10 = 0, s11 = 0, s12 = 0, s13 = 0;
                float s20 = 0, s21 = 0, s22 = 0, s23 = 0;
                float s30 = 0, s31 = 0, s32 = 0, s33 = 0;
                for (int d = 0; d < 64; d++)
                {
                    float left0 = queryTile[threadRow * 65 + d];
                    float left1 = queryTile[(threadRow + 8) * 65 + d];
                    float left2 = queryTile[(threadRow + 16) * 65 + d];
                    float left3 = queryTile[(threadRow + 24) * 65 + d];
                    float right0 = keyTile[threadColumn * 65 + d];
                    float right1 = keyTile[(threadColumn + 8) * 65 + d];
                    float right2 = keyTile[(threadColumn + 16) * 65 + d];
                    float right3 = keyTile[(threadColumn + 24) * 65 + d];
                    s00 += left0 * right0; s01 += left0 * right1; s02 += left0 * right2; s03 += left0 * right3;
                    s10 += left1 * right0; s11 += left1 * right1; s12 += left1 * right2; s13 += left1 * right3;
                    s20 += left2 * right0; s21 += left2 * right1; s22 += left2 * right2; s23 += left2 * right3;
                    s30 += left3 * right0; s31 += left3 * right1; s32 += left3 * right2; s33 += left3 * right3;
                }
                scores[threadRow * 33 + threadColumn] = firstKey + threadColumn < 50 ? s00 * 0.125f : float.NegativeInfinity;
                scores[threadRow * 33 + (threadColumn + 8)] = firstKey + (threadColumn + 8) < 50 ? s01 * 0.125f : float.NegativeInfinity;
                scores[threadRow * 33 + (threadColumn + 16)] = firstKey + (threadColumn + 16) < 50 ? s02 * 0.125f : float.NegativeInfinity;
                scores[threadRow * 33 + (threadColumn + 24)] = firstKey + (threadColumn + 24) < 50 ? s03 * 0.125f : float.NegativeInfinity;
                scores[(threadRow + 8) * 33 + threadColumn] = firstKey + threadColumn < 50 ? s10 * 0.125f : float.NegativeInfinity;
                scores[(threadRow + 8) * 33 + (threadColumn + 8)] = firstKey + (threadColumn + 8) < 50 ? s11 * 0.125f : float.NegativeInfinity;
                scores[(threadRow + 8) * 33 + (threadColumn + 16)] = firstKey + (threadColumn + 16) < 50 ? s12 * 0.125f : float.NegativeInfinity;
                scores[(threadRow + 8) * 33 + (threadColumn + 24)] = firstKey + (threadColumn + 24) < 50 ? s13 * 0.125f : float.NegativeInfinity;
                scores[(threadRow + 16) * 33 + threadColumn] = firstKey + threadColumn < 50 ? s20 * 0.125f : float.NegativeInfinity;
                scores[(threadRow + 16) * 33 + (threadColumn + 8)] = firstKey + (threadColumn + 8) < 50 ? s21 * 0.125f : float.NegativeInfinity;
                scores[(threadRow + 16) * 33 + (threadColumn + 16)] = firstKey + (threadColumn + 16) < 50 ? s22 * 0.125f : float.NegativeInfinity;
                scores[(threadRow + 16) * 33 + (threadColumn + 24)] = firstKey + (threadColumn + 24) < 50 ? s23 * 0.125f : float.NegativeInfinity;
                scores[(threadRow + 24) * 33 + threadColumn] = firstKey + threadColumn < 50 ? s30 * 0.125f : float.NegativeInfinity;
                scores[(threadRow + 24) * 33 + (threadColumn + 8)] = firstKey + (threadColumn + 8) < 50 ? s31 * 0.125f : float.NegativeInfinity;
                scores[(threadRow + 24) * 33 + (threadColumn + 16)] = firstKey + (threadColumn + 16) < 50 ? s32 * 0.125f : float.NegativeInfinity;
                scores[(threadRow + 24) * 33 + (threadColumn + 24)] = firstKey + (threadColumn + 24) < 50 ? s33 * 0.125f : float.NegativeInfinity;
                Group.Barrier();

                for (int row = thread; row < 32; row += 64)
                {
                    float max = maxima[row];
                    for (int key = 0; key < 32; key++)
                        max = XMath.Max(max, scores[row * 33 + key]);
                    float shrink = XMath.Exp(maxima[row] - max), total = totals[row] * shrink;
                    for (int key = 0; key < 32; key++)
                    {
                        float weight = XMath.Exp(scores[row * 33 + key] - max);
                        scores[row * 33 + key] = weight;
                        total += weight;
                    }
                    maxima[row] = max;
                    totals[row] = total;
                    shrinks[row] = shrink;
                }
                Group.Barrier();

                float factor0 = shrinks[threadRow];
                o00 *= factor0; o01 *= factor0; o02 *= factor0; o03 *= factor0; o04 *= factor0; o05 *= factor0; o06 *= factor0; o07 *= factor0;
                float factor1 = shrinks[(threadRow + 8)];
                o10 *= factor1; o11 *= factor1; o12 *= factor1; o13 *= factor1; o14 *= factor1; o15 *= factor1; o16 *= factor1; o17 *= factor1;
                float factor2 = shrinks[(threadRow + 16)];
                o20 *= factor2; o21 *= factor2; o22 *= factor2; o23 *= factor2; o24 *= factor2; o25 *= factor2; o26 *= factor2; o27 *= factor2;
                float factor3 = shrinks[(threadRow + 24)];
                o30 *= factor3; o31 *= factor3; o32 *= factor3; o33 *= factor3; o34 *= factor3; o35 *= factor3; o36 *= factor3; o37 *= factor3;
                for (int key = 0; key < 32; key++)
                {
                    float left0 = scores[threadRow * 33 + key];
                    float left1 = scores[(threadRow + 8) * 33 + key];
                    float left2 = scores[(threadRow + 16) * 33 + key];
                    float left3 = scores[(threadRow + 24) * 33 + key];
                    float right0 = valueTile[key * 65 + threadColumn];
                    float right1 = valueTile[key * 65 + (threadColumn + 8)];
                    float right2 = valueTile[key * 65 + (threadColumn + 16)];
                    float right3 = valueTile[key * 65 + (threadColumn + 24)];
                    float right4 = valueTile[key * 65 + (threadColumn + 32)];
                    float right5 = valueTile[key * 65 + (threadColumn + 40)];
                    float right6 = valueTile[key * 65 + (threadColumn + 48)];
                    float right7 = valueTile[key * 65 + (threadColumn + 56)];
                    o00 += left0 * right0; o01 += left0 * right1; o02 += left0 * right2; o03 += left0 * right3; o04 += left0 * right4; o05 += left0 * right5; o06 += left0 * right6; o07 += left0 * right7;
                    o10 += left1 * right0; o11 += left1 * right1; o12 += left1 * right2; o13 += left1 * right3; o14 += left1 * right4; o15 += left1 * right5; o16 += left1 * right6; o17 += left1 * right7;
                    o20 += left2 * right0; o21 += left2 * right1; o22 += left2 * right2; o23 += left2 * right3; o24 += left2 * right4; o25 += left2 * right5; o26 += left2 * right6; o27 += left2 * right7;
                    o30 += left3 * right0; o31 += left3 * right1; o32 += left3 * right2; o33 += left3 * right3; o34 += left3 * right4; o35 += left3 * right5; o36 += left3 * right6; o37 += left3 * right7;
                }
            }

            if (firstQuery + threadRow < 197) output[image * 151296L + (firstQuery + threadRow) * 768 + head * 64 + threadColumn] = o00 / totals[threadRow];
            if (firstQuery + threadRow < 197) output[image * 151296L + (firstQuery + threadRow) * 768 + head * 64 + (threadColumn + 8)] = o01 / totals[threadRow];
            if (firstQuery + threadRow < 197) output[image * 151296L + (firstQuery + threadRow) * 768 + head * 64 + (threadColumn + 16)] = o02 / totals[threadRow];
            if (firstQuery + threadRow < 197) output[image * 151296L + (firstQuery + threadRow) * 768 + head * 64 + (threadColumn + 24)] = o03 / totals[threadRow];
            if (firstQuery + threadRow < 197) output[image * 151296L + (firstQuery + threadRow) * 768 + head * 64 + (threadColumn + 32)] = o04 / totals[threadRow];
            if (firstQuery + threadRow < 197) output[image * 151296L + (firstQuery + threadRow) * 768 + head * 64 + (threadColumn + 40)] = o05 / totals[threadRow];
            if (firstQuery + threadRow < 197) output[image * 151296L + (firstQuery + threadRow) * 768 + head * 64 + (threadColumn + 48)] = o06 / totals[threadRow];
            if (firstQuery + threadRow < 197) output[image * 151296L + (firstQuery + threadRow) * 768 + head * 64 + (threadColumn + 56)] = o07 / totals[threadRow];
            if (firstQuery + (threadRow + 8) < 197) output[image * 151296L + (firstQuery + (threadRow + 8)) * 768 + head * 64 + threadColumn] = o10 / totals[(threadRow + 8)];
            if (firstQuery + (threadRow + 8) < 197) output[image * 151296L + (firstQuery + (threadRow + 8)) * 768 + head * 64 + (threadColumn + 8)] = o11 / totals[(threadRow + 8)];
            if (firstQuery + (threadRow + 8) < 197) output[image * 151296L + (firstQuery + (threadRow + 8)) * 768 + head * 64 + (threadColumn + 16)] = o12 / totals[(threadRow + 8)];
            if (firstQuery + (threadRow + 8) < 197) output[image * 151296L + (firstQuery + (threadRow + 8)) * 768 + head * 64 + (threadColumn + 24)] = o13 / totals[(threadRow + 8)];
            if (firstQuery + (threadRow + 8) < 197) output[image * 151296L + (firstQuery + (threadRow + 8)) * 768 + head * 64 + (threadColumn + 32)] = o14 / totals[(threadRow + 8)];
            if (firstQuery + (threadRow + 8) < 197) output[image * 151296L + (firstQuery + (threadRow + 8)) * 768 + head * 64 + (threadColumn + 40)] = o15 / totals[(threadRow + 8)];
            if (firstQuery + (threadRow + 8) < 197) output[image * 151296L + (firstQuery + (threadRow + 8)) * 768 + head * 64 + (threadColumn + 48)] = o16 / totals[(threadRow + 8)];
            if (firstQuery + (threadRow + 8) < 197) output[image * 151296L + (firstQuery + (threadRow + 8)) * 768 + head * 64 + (threadColumn + 56)] = o17 / totals[(threadRow + 8)];
            if (firstQuery + (threadRow + 16) < 197) output[image * 151296L + (firstQuery + (threadRow + 16)) * 768 + head * 64 + threadColumn] = o20 / totals[(threadRow + 16)];
            if (firstQuery + (threadRow + 16) < 197) output[image * 151296L + (firstQuery + (threadRow + 16)) * 768 + head * 64 + (threadColumn + 8)] = o21 / totals[(threadRow + 16)];
            if (firstQuery + (threadRow + 16) < 197) output[image * 151296L + (firstQuery + (threadRow + 16)) * 768 + head * 64 + (threadColumn + 16)] = o22 / totals[(threadRow + 16)];
            if (firstQuery + (threadRow + 16) < 197) output[image * 151296L + (firstQuery + (threadRow + 16)) * 768 + head * 64 + (threadColumn + 24)] = o23 / totals[(threadRow + 16)];
            if (firstQuery + (threadRow + 16) < 197) output[image * 151296L + (firstQuery + (threadRow + 16)) * 768 + head * 64 + (threadColumn + 32)] = o24 / totals[(threadRow + 16)];
            if (firstQuery + (threadRow + 16) < 197) output[image * 151296L + (firstQuery + (threadRow + 16)) * 768 + head * 64 + (threadColumn + 40)] = o25 / totals[(threadRow + 16)];
            if (firstQuery + (threadRow + 16) < 197) output[image * 151296L + (firstQuery + (threadRow + 16)) * 768 + head * 64 + (threadColumn + 48)] = o26 / totals[(threadRow + 16)];
            if (firstQuery + (threadRow + 16) < 197) output[image * 151296L + (firstQuery + (threadRow + 16)) * 768 + head * 64 + (threadColumn + 56)] = o27 / totals[(threadRow + 16)];
            if (firstQuery + (threadRow + 24) < 197) output[image * 151296L + (firstQuery + (threadRow + 24)) * 768 + head * 64 + threadColumn] = o30 / totals[(threadRow + 24)];
            if (firstQuery + (threadRow + 24) < 197) output[image * 151296L + (firstQuery + (threadRow + 24)) * 768 + head * 64 + (threadColumn + 8)] = o31 / totals[(threadRow + 24)];
            if (firstQuery + (threadRow + 24) < 197) output[image * 151296L + (firstQuery + (threadRow + 24)) * 768 + head * 64 + (threadColumn + 16)] = o32 / totals[(threadRow + 24)];
            if (firstQuery + (threadRow + 24) < 197) output[image * 151296L + (firstQuery + (threadRow + 24)) * 768 + head * 64 + (threadColumn + 24)] = o33 / totals[(threadRow + 24)];
            if (firstQuery + (threadRow + 24) < 197) output[image * 151296L + (firstQuery + (threadRow + 24)) * 768 + head * 64 + (threadColumn + 32)] = o34 / totals[(threadRow + 24)];
            if (firstQuery + (threadRow + 24) < 197) output[image * 151296L + (firstQuery + (threadRow + 24)) * 768 + head * 64 + (threadColumn + 40)] = o35 / totals[(threadRow + 24)];
            if (firstQuery + (threadRow + 24) < 197) output[image * 151296L + (firstQuery + (threadRow + 24)) * 768 + head * 64 + (threadColumn + 48)] = o36 / totals[(threadRow + 24)];
            if (firstQuery + (threadRow + 24) < 197) output[image * 151296L + (firstQuery + (threadRow + 24)) * 768 + head * 64 + (threadColumn + 56)] = o37 / totals[(threadRow + 24)];
            for (int row = thread; row < 32; row += 64)
            {
                if (firstQuery + row < 197)
                    logSum[image * 2364L + (firstQuery + row) * 12 + head] = maxima[row] + XMath.Log(totals[row]);
            }
        }
