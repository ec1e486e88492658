
    /// <summary>c [rows, 1536] = a · bᵀ + bias. Tiles of 128 × 64 for 128 threads.</summary>
    public static void Linear768To1536_53570626(int batch, int rows, ArrayView<float> a, ArrayView<float> b, ArrayView<float> bias, ArrayView<float> c)
    {
        ArrayView<Float4> aTiles4 = SharedMemory.Allocate<Float4>(1056); // [2, 16, 132 / 4]
        ArrayView<float> aTiles = aTiles4.Cast<float>();
        ArrayView<Float4> aFours = a.Cast<Float4>();
        ArrayView<Float4> bTiles4 = SharedMemory.Allocate<Float4>(544); // [2, 16, 68 / 4]
        ArrayView<float> bTiles = bTiles4.Cast<float>();
        ArrayView<Float4> bFours = b.Cast<Float4>();
        ArrayView<Float4> biasFours = bias.Cast<Float4>();
        ArrayView<Float4> cFours = c.Cast<Float4>();
        int threadColumn = Group.IdxX, threadRow = Group.IdxY, thread = threadRow * 8 + threadColumn;
        int firstRow = Grid.IdxX * 128, firstColumn = Grid.IdxY * 64;

        // The elements of a tile that this thread loads.
        int aDepth = thread % 4 * 4, aLine = thread / 4;
        long aOffset0 = XMath.Min(firstRow + aLine, rows - 1) * 192L;
        long aOffset1 = XMath.Min(firstRow + aLine + 32, rows - 1) * 192L;
        long aOffset2 = XMath.Min(firstRow + aLine + 64, rows - 1) * 192L;
        long aOffset3 = XMath.Min(firstRow + aLine + 96, rows - 1) * 192L;
        int bDepth = thread % 4 * 4, bLine = thread / 4;
        long bOffset0 = XMath.Min(firstColumn + bLine, 1536 - 1) * 192L;
        long bOffset1 = XMath.Min(firstColumn + bLine + 32, 1536 - 1) * 192L;
        Float4 aNext0 = aFours[aOffset0 + (0 + aDepth) / 4];
        Float4 aNext1 = aFours[aOffset1 + (0 + aDepth) / 4];
        Float4 aNext2 = aFours[aOffset2 + (0 + aDepth) / 4];
        Float4 aNext3 = aFours[aOffset3 + (0 + aDepth) / 4];
        Float4 bNext0 = bFours[bOffset0 + (0 + bDepth) / 4];
        Float4 bNext1 = bFours[bOffset1 + (0 + bDepth) / 4];
        aTiles[aDepth * 132 + aLine] = aNext0.X;
        aTiles[aDepth * 132 + aLine + 132] = aNext0.Y;
        aTiles[aDepth * 132 + aLine + 264] = aNext0.Z;
        aTiles[aDepth * 132 + aLine + 396] = aNext0.W;
        aTiles[aDepth * 132 + aLine + 32] = aNext1.X;
        aTiles[aDepth * 132 + aLine + 164] = aNext1.Y;
        aTiles[aDepth * 132 + aLine + 296] = aNext1.Z;
        aTiles[aDepth * 132 + aLine + 428] = aNext1.W;
        aTiles[aDepth * 132 + aLine + 64] = aNext2.X;
        aTiles[aDepth * 132 + aLine + 196] = aNext2.Y;
        aTiles[aDepth * 132 + aLine + 328] = aNext2.Z;
        aTiles[aDepth * 132 + aLine + 460] = aNext2.W;
        aTiles[aDepth * 132 + aLine + 96] = aNext3.X;
        aTiles[aDepth * 132 + aLine + 228] = aNext3.Y;
        aTiles[aDepth * 132 + aLine + 360] = aNext3.Z;
        aTiles[aDepth * 132 + aLine + 492] = aNext3.W;
        bTiles[bDepth * 68 + bLine] = bNext0.X;
        bTiles[bDepth * 68 + bLine + 68] = bNext0.Y;
        bTiles[bDepth * 68 + bLine + 136] = bNext0.Z;
        bTiles[bDepth * 68 + bLine + 204] = bNext0.W;
        bTiles[bDepth * 68 + bLine + 32] = bNext1.X;
        bTiles[bDepth * 68 + bLine + 100] = bNext1.Y;
        bTiles[bDepth * 68 + bLine + 168] = bNext1.Z;
        bTiles[bDepth * 68 + bLine + 236] = bNext1.W;
        Group.Barrier();

        // The elements of the result that this thread computes: 8 rows, 8 columns, interleaved with those of other threads.
        float c00 = 0, c01 = 0, c02 = 0, c03 = 0, c04 = 0, c05 = 0, c06 = 0, c07 = 0;
        float c10 = 0, c11 = 0, c12 = 0, c13 = 0, c14 = 0, c15 = 0, c16 = 0, c17 = 0;
        float c20 = 0, c21 = 0, c22 = 0, c23 = 0, c24 = 0, c25 = 0, c26 = 0, c27 = 0;
        float c30 = 0, c31 = 0, c32 = 0, c33 = 0, c34 = 0, c35 = 0, c36 = 0, c37 = 0;
        float c40 = 0, c41 = 0, c42 = 0, c43 = 0, c44 = 0, c45 = 0, c46 = 0, c47 = 0;
        float c50 = 0, c51 = 0, c52 = 0, c53 = 0, c54 = 0, c55 = 0, c56 = 0, c57 = 0;
        float c60 = 0, c61 = 0, c62 = 0, c63 = 0, c64 = 0, c65 = 0, c66 = 0, c67 = 0;
        float c70 = 0, c71 = 0, c72 = 0, c73 = 0, c74 = 0, c75 = 0, c76 = 0, c77 = 0;
        int aTile = 0, bTile = 0;
        for (int depth = 0; depth < 768; depth += 16)
        {
            bool isLast = depth + 16 >= 768;
            if (!isLast)
            {
                aNext0 = aFours[aOffset0 + (depth + 16 + aDepth) / 4];
                aNext1 = aFours[aOffset1 + (depth + 16 + aDepth) / 4];
                aNext2 = aFours[aOffset2 + (depth + 16 + aDepth) / 4];
                aNext3 = aFours[aOffset3 + (depth + 16 + aDepth) / 4];
                bNext0 = bFours[bOffset0 + (depth + 16 + bDepth) / 4];
                bNext1 = bFours[bOffset1 + (depth + 16 + bDepth) / 4];
            }

            for (int k = 0; k < 16; k++)
            {
                Float4 a0 = aTiles4[aTile + k * 33 + threadRow];
                Float4 a1 = aTiles4[aTile + k * 33 + threadRow + 16];
                Float4 b0 = bTiles4[bTile + k * 17 + threadColumn];
                Float4 b1 = bTiles4[bTile + k * 17 + threadColumn + 8];
                c00 += a0.X * b0.X; c01 += a0.X * b0.Y; c02 += a0.X * b0.Z; c03 += a0.X * b0.W; c04 += a0.X * b1.X; c05 += a0.X * b1.Y; c06 += a0.X * b1.Z; c07 += a0.X * b1.W;
                c10 += a0.Y * b0.X; c11 += a0.Y * b0.Y; c12 += a0.Y * b0.Z; c13 += a0.Y * b0.W; c14 += a0.Y * b1.X; c15 += a0.Y * b1.Y; c16 += a0.Y * b1.Z; c17 += a0.Y * b1.W;
                c20 += a0.Z * b0.X; c21 += a0.Z * b0.Y; c22 += a0.Z * b0.Z; c23 += a0.Z * b0.W; c24 += a0.Z * b1.X; c25 += a0.Z * b1.Y; c26 += a0.Z * b1.Z; c27 += a0.Z * b1.W;
                c30 += a0.W * b0.X; c31 += a0.W * b0.Y; c32 += a0.W * b0.Z; c33 += a0.W * b0.W; c34 += a0.W * b1.X; c35 += a0.W * b1.Y; c36 += a0.W * b1.Z; c37 += a0.W * b1.W;
                c40 += a1.X * b0.X; c41 += a1.X * b0.Y; c42 += a1.X * b0.Z; c43 += a1.X * b0.W; c44 += a1.X * b1.X; c45 += a1.X * b1.Y; c46 += a1.X * b1.Z; c47 += a1.X * b1.W;
                c50 += a1.Y * b0.X; c51 += a1.Y * b0.Y; c52 += a1.Y * b0.Z; c53 += a1.Y * b0.W; c54 += a1.Y * b1.X; c55 += a1.Y * b1.Y; c56 += a1.Y * b1.Z; c57 += a1.Y * b1.W;
                c60 += a1.Z * b0.X; c61 += a1.Z * b0.Y; c62 += a1.Z * b0.Z; c63 += a1.Z * b0.W; c64 += a1.Z * b1.X; c65 += a1.Z * b1.Y; c66 += a1.Z * b1.Z; c67 += a1.Z * b1.W;
                c70 += a1.W * b0.X; c71 += a1.W * b0.Y; c72 += a1.W * b0.Z; c73 += a1.W * b0.W; c74 += a1.W * b1.X; c75 += a1.W * b1.Y; c76 += a1.W * b1.Z; c77 += a1.W * b1.W;
            }

            aTile = 528 - aTile;
            bTile = 272 - bTile;
            if (!isLast)
            {
                aTiles[aTile * 4 + aDepth * 132 + aLine] = aNext0.X;
                aTiles[aTile * 4 + aDepth * 132 + aLine + 132] = aNext0.Y;
                aTiles[aTile * 4 + aDepth * 132 + aLine + 264] = aNext0.Z;
                aTiles[aTile * 4 + aDepth * 132 + aLine + 396] = aNext0.W;
                aTiles[aTile * 4 + aDepth * 132 + aLine + 32] = aNext1.X;
                aTiles[aTile * 4 + aDepth * 132 + aLine + 164] = aNext1.Y;
                aTiles[aTile * 4 + aDepth * 132 + aLine + 296] = aNext1.Z;
                aTiles[aTile * 4 + aDepth * 132 + aLine + 428] = aNext1.W;
                aTiles[aTile * 4 + aDepth * 132 + aLine + 64] = aNext2.X;
                aTiles[aTile * 4 + aDepth * 132 + aLine + 196] = aNext2.Y;
                aTiles[aTile * 4 + aDepth * 132 + aLine + 328] = aNext2.Z;
                aTiles[aTile * 4 + aDepth * 132 + aLine + 460] = aNext2.W;
                aTiles[aTile * 4 + aDepth * 132 + aLine + 96] = aNext3.X;
                aTiles[aTile * 4 + aDepth * 132 + aLine + 228] = aNext3.Y;
                aTiles[aTile * 4 + aDepth * 132 + aLine + 360] = aNext3.Z;
                aTiles[aTile * 4 + aDepth * 132 + aLine + 492] = aNext3.W;
                bTiles[bTile * 4 + bDepth * 68 + bLine] = bNext0.X;
                bTiles[bTile * 4 + bDepth * 68 + bLine + 68] = bNext0.Y;
                bTiles[bTile * 4 + bDepth * 68 + bLine + 136] = bNext0.Z;
                bTiles[bTile * 4 + bDepth * 68 + bLine + 204] = bNext0.W;
                bTiles[bTile * 4 + bDepth * 68 + bLine + 32] = bNext1.X;
                bTiles[bTile * 4 + bDepth * 68 + bLine + 100] = bNext1.Y;
                bTiles[bTile * 4 + bDepth * 68 + bLine + 168] = bNext1.Z;
                bTiles[bTile * 4 + bDepth * 68 + bLine + 236] = bNext1.W;
            }
            Group.Barrier();
        }

        int row = firstRow + threadRow * 4, column = firstColumn + threadColumn * 4;
        Linear768To1536Row_53570626(row, rows, column, c00, c01, c02, c03, c04, c05, c06, c07, biasFours, cFours);
        Linear768To1536Row_53570626(row + 1, rows, column, c10, c11, c12, c13, c14, c15, c16, c17, biasFours, cFours);
        Linear768To1536Row_53570626(row + 2, rows, column, c20, c21, c22, c23, c24, c25, c26, c27, biasFours, cFours);
        Linear768To1536Row_53570626(row + 3, rows, column, c30, c31, c32, c33, c34, c35, c36, c37, biasFours, cFours);
        Linear768To1536Row_53570626(row + 64, rows, column, c40, c41, c42, c43, c44, c45, c46, c47, biasFours, cFours);
        Linear768To1536Row_53570626(row + 65, rows, column, c50, c51, c52, c53, c54, c55, c56, c57, biasFours, cFours);
        Linear768To1536Row_53570626(row + 66, rows, column, c60, c61, c62, c63, c64, c65, c66, c67, biasFours, cFours);
        Linear768To1536Row_53570626(row + 67, rows, column, c70, c71, c72, c73, c74, c75, c76, c77, biasFours, cFours);
    }

    /// <summary>Finishes four neighbours of a row and stores them. Rows are those of all images, columns are counted in fours.</summary>
    private static void Linear768To1536Four_53570626(int row, int column, Float4 value, ArrayView<Float4> biasFours, ArrayView<Float4> cFours)
    {
        Float4 addend = biasFours[column];
        value = new(value.X + addend.X, value.Y + addend.Y, value.Z + addend.Z, value.W + addend.W);
        cFours[row * 384L + column] = value;
    }

    /// <summary>Finishes what a thread has of a row, as far as the row and its columns exist.</summary>
    private static void Linear768To1536Row_53570626(int row, int rows, int column, float c0, float c1, float c2, float c3, float c4, float c5, float c6, float c7, ArrayView<Float4> biasFours, ArrayView<Float4> cFours)
    {
        if (row >= rows)
            return;
        Linear768To1536Four_53570626(row, column / 4, new(c0, c1, c2, c3), biasFours, cFours);
        Linear768To1536Four_53570626(row, (column + 32) / 4, new(c4, c5, c6, c7), biasFours, cFours);
    }
