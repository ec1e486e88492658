
        /// <summary>c [50, 1536] = a · bᵀ + bias. Adds up the slices.</summary>
        public static void SharedLinear50x768To1536(Index1D index, int batch, ArrayView<float> bias, ArrayView<float> c, ArrayView<float> scratch)
        {
            float value = 0;
            for (int slice = 0; slice < 4; slice++)
                value += scratch[slice * 76800L + index];
            SharedLinear50x768To1536Element(index / 1536, index % 1536, value, bias, c);
        }

        /// <summary>Finishes an element and stores it. Rows are those of all images.</summary>
        private static void SharedLinear50x768To1536Element(int row, int column, float value, ArrayView<float> bias, ArrayView<float> c)
        {
            value += bias[column];
            c[row * 1536L + column] = value;
        }
