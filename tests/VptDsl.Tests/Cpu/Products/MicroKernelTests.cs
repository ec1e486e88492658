using VptDsl.Devices.Cpu;

namespace VptDsl.Tests.Cpu;

/// <summary>Each instruction set's kernel computes its tile; those that this machine lacks run in software, slowly but the same.</summary>
public unsafe class MicroKernelTests
{
    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Every_kernel_computes_its_tile(int bits)
    {
        var (tileRows, tileColumns) = bits switch
        {
            128 => (MicroKernel128.Rows, MicroKernel128.Columns),
            256 => (MicroKernel256.Rows, MicroKernel256.Columns),
            _ => (MicroKernel512.Rows, MicroKernel512.Columns),
        };
        var random = new Random(bits);
        for (int rows = 1; rows <= tileRows; rows++)
        {
            int depth = rows + 3;
            using var packed = new Operand(random, 1, depth, tileRows);
            using var inPlace = new Operand(random, 1, tileRows, depth);
            using var b = new Operand(random, 1, depth, tileColumns);
            using var tile = new Operand(random, 1, tileRows, tileColumns);
            foreach (var (accumulate, isPacked, columns) in Uses(tileColumns))
            {
                var a = isPacked ? new LeftPanel(packed.Data, 1, tileRows) : new LeftPanel(inPlace.Data, inPlace.Matrix.RowStride, 1);
                float[] before = tile.Values();
                switch (bits)
                {
                    case 128: MicroKernel128.Run(rows, columns, depth, a, b.Data, b.Data, tile.Data, accumulate); break;
                    case 256: MicroKernel256.Run(rows, columns, depth, a, b.Data, b.Data, tile.Data, accumulate); break;
                    default: MicroKernel512.Run(rows, columns, depth, a, b.Data, b.Data, tile.Data, accumulate); break;
                }

                for (int i = 0; i < rows * tileColumns; i++)
                {
                    if (i % tileColumns >= columns)
                    {
                        continue;
                    }

                    double sum = accumulate ? before[i] : 0;
                    for (int k = 0; k < depth; k++)
                    {
                        sum += (double)(isPacked ? packed[k, i / tileColumns] : inPlace[i / tileColumns, k]) * b[k, i % tileColumns];
                    }

                    Assert.Equal(sum, tile[i / tileColumns, i % tileColumns], 1e-5);
                }
            }
        }
    }

    private static IEnumerable<(bool Accumulate, bool IsPacked, int Columns)> Uses(int tileColumns) =>
        from columns in new[] { 1, tileColumns / 2, (tileColumns / 2) + 1, tileColumns }
        from accumulate in new[] { false, true }
        from isPacked in new[] { false, true }
        select (accumulate, isPacked, columns);
}
