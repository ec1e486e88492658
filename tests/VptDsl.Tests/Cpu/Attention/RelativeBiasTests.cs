using VptDsl.Devices.Cpu;

namespace VptDsl.Tests.Cpu;

/// <summary>
/// Biases by relative position are read and summed as BEiT numbers them, whatever the threads; tokens without a position have none.
/// </summary>
public class RelativeBiasTests
{
    public static TheoryData<int, int, int, int> Grids() => new()
    {
        { 1, 1, 0, 1 },
        { 2, 3, 0, 2 },
        { 3, 2, 4, 3 },
        { 14, 14, 0, 12 },
        { 5, 9, 1, 7 },
    };

    [Theory]
    [MemberData(nameof(Grids))]
    public void Each_pair_reads_its_row(int height, int width, int inserted, int heads)
    {
        int tokens = 1 + inserted + (height * width);
        var random = new Random(tokens);
        using var table = Table(random, height, width, heads);
        using var bias = new Operand(random, 1, tokens, heads * tokens, 3);
        Threads.AssertSameBits(
            "bias", w => RelativeBiases.Expand(w, new(height, width, inserted), heads, table.Matrix, bias.Matrix), bias);
        bias.AssertClose("bias", (query, column) =>
            RowOf(height, width, inserted, (int)query, column % tokens) is { } row ? table[row, column / tokens] : 0);
        table.AssertOnlyElementsWritten("table");
    }

    [Theory]
    [MemberData(nameof(Grids))]
    public void Each_row_sums_its_pairs(int height, int width, int inserted, int heads)
    {
        int tokens = 1 + inserted + (height * width);
        var random = new Random(tokens);
        using var table = Table(random, height, width, heads);
        using var bias = new Operand(random, 1, tokens, heads * tokens, 3);
        Threads.AssertSameBits(
            "table", w => RelativeBiases.Collect(w, new(height, width, inserted), heads, bias.Matrix, table.Matrix), table);
        double[,] sums = new double[table.RowsPerImage, heads];
        for (int query = 0; query < tokens; query++)
        {
            for (int column = 0; column < heads * tokens; column++)
            {
                if (RowOf(height, width, inserted, query, column % tokens) is { } row)
                {
                    sums[row, column / tokens] += bias[query, column];
                }
            }
        }

        table.AssertClose("table", (row, head) => sums[row, head]);
        bias.AssertOnlyElementsWritten("bias");
    }

    private static Operand Table(Random random, int height, int width, int heads) =>
        new(random, 1, (((2 * height) - 1) * ((2 * width) - 1)) + 3, heads, 2);

    private static int? RowOf(int height, int width, int inserted, int query, int key)
    {
        int rows = (((2 * height) - 1) * ((2 * width) - 1)) + 3;
        int i = query - 1 - inserted, j = key - 1 - inserted;
        return (query, key) switch
        {
            (0, 0) => rows - 1,
            (0, _) => j < 0 ? null : rows - 3,
            (_, 0) => i < 0 ? null : rows - 2,
            _ => i < 0 || j < 0 ? null
                : (((i / width) - (j / width) + height - 1) * ((2 * width) - 1)) + (i % width) - (j % width) + width - 1,
        };
    }
}
