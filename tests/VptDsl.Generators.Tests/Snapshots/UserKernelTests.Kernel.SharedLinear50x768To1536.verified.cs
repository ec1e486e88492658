
    /// <summary>c [50, 1536] = a · bᵀ + bias. Adds up the slices.</summary>
    public static void SharedLinear50x768To1536_978be428(Index1D index, int batch, ArrayView<float> bias, ArrayView<float> c, ArrayView<float> scratch)
    {
        ArrayView<Float4> biasFours = bias.Cast<Float4>();
        ArrayView<Float4> cFours = c.Cast<Float4>();
        ArrayView<Float4> scratch4 = scratch.Cast<Float4>();
        Float4 value = default;
        for (int slice = 0; slice < 4; slice++)
        {
            Float4 sum = scratch4[slice * 19200L + index];
            value = new(value.X + sum.X, value.Y + sum.Y, value.Z + sum.Z, value.W + sum.W);
        }
        SharedLinear50x768To1536Four_978be428(index / 384, index % 384, value, biasFours, cFours);
    }

    /// <summary>Finishes four neighbours of a row and stores them. Rows are those of all images, columns are counted in fours.</summary>
    private static void SharedLinear50x768To1536Four_978be428(int row, int column, Float4 value, ArrayView<Float4> biasFours, ArrayView<Float4> cFours)
    {
        Float4 addend = biasFours[column];
        value = new(value.X + addend.X, value.Y + addend.Y, value.Z + addend.Z, value.W + addend.W);
        cFours[row * 384L + column] = value;
    }
