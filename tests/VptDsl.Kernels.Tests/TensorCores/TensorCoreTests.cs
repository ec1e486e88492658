using VptDsl.Compiler.Emit.Kernels;
using VptDsl.Kernels.Tests.Operations;
using VptDsl.Programs;

namespace VptDsl.Kernels.Tests.TensorCores;

/// <summary>
/// Products on tensor cores compute what they are defined as, whatever the layouts of their operands. No GPU is needed: what ILGPU makes of
/// each kernel is executed instruction by instruction, and a race, a byte beside an operand or a copy that was not waited for is a fault.
/// </summary>
public sealed class TensorCoreTests(TensorProductFixture emitted) : IClassFixture<TensorProductFixture>
{
    /// <summary>What rounding both factors may make of a product, times two, since the terms of a sum may be larger than the sum.</summary>
    private const double RoundingOfTensorFloat32 = 2 * 2.0 / (1 << 11), RoundingOfBFloat16 = 2 * 2.0 / (1 << 8);

    /// <summary>Each product by the smallest tile; those in sizes around tiles by all.</summary>
    public static TheoryData<string, int> Cases => Of(
        TensorCoreCases.All.Except(TensorCoreCases.OfWholeNumbers), c => TensorCoreCases.OfTiles.Contains(c));

    public static TheoryData<string, int> OfTiles => Of(TensorCoreCases.OfTiles, _ => true);

    public static TheoryData<string, int> OfWholeNumbers => Of(TensorCoreCases.OfWholeNumbers, _ => true);

    public static TheoryData<string> Precisions => [.. Enum.GetNames<Precision>()];

    /// <remarks>Within what every device's float32 kernels are held to.</remarks>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Product_in_float32_agrees_with_its_definition(string name, int tile) =>
        Check(name, tile, Precision.Float32, OperationRun.Tolerance);

    [Theory]
    [MemberData(nameof(OfTiles))]
    public void Product_in_tensor_float32_is_off_by_its_roundings(string name, int tile) =>
        Check(name, tile, Precision.TensorFloat32, RoundingOfTensorFloat32);

    [Theory]
    [MemberData(nameof(OfTiles))]
    public void Product_in_bfloat16_is_off_by_its_roundings(string name, int tile) =>
        Check(name, tile, Precision.BFloat16, RoundingOfBFloat16);

    /// <remarks>What the interpreter makes of a model in a precision is what the kernels make of it.</remarks>
    [Theory]
    [MemberData(nameof(OfTiles))]
    public void Product_is_that_of_rounded_factors(string name, int tile)
    {
        Check(name, tile, Precision.TensorFloat32, OperationRun.Tolerance, Precision.TensorFloat32);
        Check(name, tile, Precision.BFloat16, OperationRun.Tolerance, Precision.BFloat16);
    }

    [Theory]
    [MemberData(nameof(OfWholeNumbers))]
    public void Product_of_what_needs_no_rounding_is_as_good_in_tensor_float32(string name, int tile) =>
        Check(name, tile, Precision.TensorFloat32, OperationRun.Tolerance);

    [Theory]
    [MemberData(nameof(OfWholeNumbers))]
    public void Product_of_what_needs_no_rounding_is_as_good_in_bfloat16(string name, int tile) =>
        Check(name, tile, Precision.BFloat16, OperationRun.Tolerance);

    /// <remarks>What is no number must not get lost where floats are taken apart.</remarks>
    [Theory]
    [MemberData(nameof(Precisions))]
    public void What_is_no_number_spoils_its_row_and_no_other(string precision)
    {
        OperationCase drawn = TensorCoreCases.All.Single(c => c.Name == "linear");
        using var device = new PtxDevice { Batch = 1 };
        (int rows, int columns, int depth) = (5, 11, 7);
        float[] memory = new float[500];
        Array.Fill(memory, 1);
        (long a, long b, long c) = (0, 100, 300);
        long stride = drawn.Call.Inputs[0].RowStride;
        memory[(2 * stride) + 3] = BitConverter.UInt32BitsToSingle(0x7fffffff);
        device.Reserve(Region.Arena, memory.Length);
        device.Write(new(Region.Arena, 0), memory);

        emitted.Launch(device, drawn, new(Enum.Parse<Precision>(precision)) { Tile = TensorTile.Candidates[^1] },
            [.. new[] { a, b, c }.Select(place => new Slot(Region.Arena, place))]);

        device.Read(new(Region.Arena, 0), memory);
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                float value = memory[c + (row * drawn.Call.Outputs[0].Layout!.RowStride) + column];
                Assert.Equal(row == 2 ? float.NaN : depth, value);
            }
        }
    }

    private void Check(string name, int tile, Precision precision, double tolerance, Precision definition = Precision.Float32)
    {
        OperationCase drawn = TensorCoreCases.All.Single(c => c.Name == name);
        var options = new TensorCoreOptions(precision) { Tile = TensorTile.Candidates[tile] };
        using var device = new PtxDevice();
        new OperationRun(drawn, seed: 7).Check(device, (_, slots) => emitted.Launch(device, drawn, options, slots), tolerance, definition);
        Assert.Equal(0, device.BankConflicts);
    }

    private static TheoryData<string, int> Of(IEnumerable<OperationCase> cases, Func<OperationCase, bool> byAll)
    {
        var data = new TheoryData<string, int>();
        foreach (OperationCase drawn in cases)
        {
            for (int tile = byAll(drawn) ? 0 : TensorTile.Candidates.Length - 1; tile < TensorTile.Candidates.Length; tile++)
                data.Add(drawn.Name, tile);
        }

        return data;
    }
}
