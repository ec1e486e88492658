
    /// <summary>c [rows, 1536] = a · bᵀ + bias. Tiles of 64 × 64 for 256 threads, cut into 4 slices.</summary>
    public static void Linear768To1536Slices_6eab34e4(int batch, int rows, ArrayView<float> a, ArrayView<float> b, ArrayView<float> scratch)
    {
        ArrayView<Float4> aTiles4 = SharedMemory.Allocate<Float4>(544); // [2, 16, 68 / 4]
        ArrayView<float> aTiles = aTiles4.Cast<float>();
        ArrayView<Float4> aFours = a.Cast<Float4>();
        ArrayView<Float4> bTiles4 = SharedMemory.Allocate<Float4>(544); // [2, 16, 68 / 4]
        ArrayView<float> bTiles = bTiles4.Cast<float>();
        ArrayView<Float4> bFours = b.Cast<Float4>();
        ArrayView<Float4> scratch4 = scratch.Cast<Float4>();
        int threadColumn = Group.IdxX, threadRow = Group.IdxY, thread = threadRow * 16 + threadColumn;
        int firstRow = Grid.IdxX * 64, firstColumn = Grid.IdxY * 64;
        int begin = Grid.IdxZ * 192;
        int end = XMath.Min(begin + 192, 768);

        // The elements of a tile that this thread loads.
        int aDepth = thread % 4 * 4, aLine = thread / 4;
        long aOffset0 = XMath.Min(firstRow + aLine, rows - 1) * 192L;
        int bDepth = thread % 4 * 4, bLine = thread / 4;
        long bOffset0 = XMath.Min(firstColumn + bLine, 1536 - 1) * 192L;
        Float4 aNext0 = aFours[aOffset0 + (begin + aDepth) / 4];
        Float4 bNext0 = bFours[bOffset0 + (begin + bDepth) / 4];
        aTiles[aDepth * 68 + aLine] = aNext0.X;
        aTiles[aDepth * 68 + aLine + 68] = aNext0.Y;
        aTiles[aDepth * 68 + aLine + 136] = aNext0.Z;
        aTiles[aDepth * 68 + aLine + 204] = aNext0.W;
        bTiles[bDepth * 68 + bLine] = bNext0.X;
        bTiles[bDepth * 68 + bLine + 68] = bNext0.Y;
        bTiles[bDepth * 68 + bLine + 136] = bNext0.Z;
        bTiles[bDepth * 68 + bLine + 204] = bNext0.W;
        Group.Barrier();

        // The elements of the result that this thread computes: 4 rows, 4 columns, interleaved with those of other threads.
        float c00 = 0, c01 = 0, c02 = 0, c03 = 0;
        float c10 = 0, c11 = 0, c12 = 0, c13 = 0;
        float c20 = 0, c21 = 0, c22 = 0, c23 = 0;
        float c30 = 0, c31 = 0, c32 = 0, c33 = 0;
        int aTile = 0, bTile = 0;
        for (int depth = begin; depth < end; depth += 16)
        {
            bool isLast = depth + 16 >= end;
            if (!isLast)
            {
                aNext0 = aFours[aOffset0 + (depth + 16 + aDepth) / 4];
                bNext0 = bFours[bOffset0 + (depth + 16 + bDepth) / 4];
            }

            for (int k = 0; k < 16; k++)
            {
                Float4 a0 = aTiles4[aTile + k * 17 + threadRow];
                Float4 b0 = bTiles4[bTile + k * 17 + threadColumn];
                c00 += a0.X * b0.X; c01 += a0.X * b0.Y; c02 += a0.X * b0.Z; c03 += a0.X * b0.W;
                c10 += a0.Y * b0.X; c11 += a0.Y * b0.Y; c12 += a0.Y * b0.Z; c13 += a0.Y * b0.W;
                c20 += a0.Z * b0.X; c21 += a0.Z * b0.Y; c22 += a0.Z * b0.Z; c23 += a0.Z * b0.W;
                c30 += a0.W * b0.X; c31 += a0.W * b0.Y; c32 += a0.W * b0.Z; c33 += a0.W * b0.W;
            }

            aTile = 272 - aTile;
            bTile = 272 - bTile;
            if (!isLast)
            {
                aTiles[aTile * 4 + aDepth * 68 + aLine] = aNext0.X;
                aTiles[aTile * 4 + aDepth * 68 + aLine + 68] = aNext0.Y;
                aTiles[aTile * 4 + aDepth * 68 + aLine + 136] = aNext0.Z;
                aTiles[aTile * 4 + aDepth * 68 + aLine + 204] = aNext0.W;
                bTiles[bTile * 4 + bDepth * 68 + bLine] = bNext0.X;
                bTiles[bTile * 4 + bDepth * 68 + bLine + 68] = bNext0.Y;
                bTiles[bTile * 4 + bDepth * 68 + bLine + 136] = bNext0.Z;
                bTiles[bTile * 4 + bDepth * 68 + bLine + 204] = bNext0.W;
            }
            Group.Barrier();
        }

        int row = firstRow + threadRow * 4, column = firstColumn + threadColumn * 4;
        Linear768To1536SlicesRow_6eab34e4(row, rows, column, c00, c01, c02, c03, scratch4);
        Linear768To1536SlicesRow_6eab34e4(row + 1, rows, column, c10, c11, c12, c13, scratch4);
        Linear768To1536SlicesRow_6eab34e4(row + 2, rows, column, c20, c21, c22, c23, scratch4);
        Linear768To1536SlicesRow_6eab34e4(row + 3, rows, column, c30, c31, c32, c33, scratch4);
    }

    /// <summary>Stores what a thread has of a row of a slice.</summary>
    private static void Linear768To1536SlicesRow_6eab34e4(int row, int rows, int column, float c0, float c1, float c2, float c3, ArrayView<Float4> scratch4)
    {
        if (row >= rows)
            return;
        scratch4[((long)Grid.IdxZ * rows + row) * 384 + column / 4] = new(c0, c1, c2, c3);
    }
