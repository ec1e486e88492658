using System.Runtime.InteropServices;
using VptDsl.Compiler.Planning;
using VptDsl.Kernels.Tests.Harness;
using VptDsl.Programs;
using VptDsl.Testing.Interpretation;

namespace VptDsl.Kernels.Tests.Operations;

/// <summary>
/// Pairs of bfloat16 are moved to the bit on every device, though as floats they may be signalling NaN or too small to be normal.
/// </summary>
[Collection(DeviceCollection.Name)]
public sealed class PairBitTests(TestDevices devices, OperationsFixture emitted) : IClassFixture<OperationsFixture>
{
    private const int Images = 3;

    private static readonly uint[] Special =
        [0, 0x80000000, 1, 0x007fffff, 0x3f808000, 0x3f818000, 0x7f7fffff, 0x7f800000, 0xff800000, 0x7f800001, 0x7fffffff, 0xff800001];

    public static TheoryData<TestDevice> Devices =>
    [
        TestDevice.Cpu,
        TestDevice.Simulator,
        TestDevice.OpenCl,
        .. TestDevices.HasCuda ? [TestDevice.Cuda] : Array.Empty<TestDevice>(),
    ];

    [SkippableTheory]
    [MemberData(nameof(Devices))]
    public void Any_bits_survive(TestDevice kind)
    {
        using IProgramDevice operations = emitted.Create(devices.Open(kind));
        var random = new Random(8);
        OperationCase pack = Case(PairCases.Packed), unpack = Case(PairCases.Unpacked);
        operations.Batch = Images;
        uint[] x = Draw(
            pack.Call.Inputs[0],
            () => random.Next(2) == 0 ? Special[random.Next(Special.Length)] : (uint)random.NextInt64(1L << 32));
        uint[] pairs = Draw(unpack.Call.Inputs[0], () => (uint)random.NextInt64(1L << 32) | (random.Next(2) == 0 ? 0x7f800000u : 0));

        uint[] packed = Run(operations, pack, x), unpacked = Run(operations, unpack, pairs);

        Assert.Equal(
            Elements(pack.Call.Inputs[0], x).Chunk(2).Select(pair => Rounding.ToBFloat16(pair[0]) | (Rounding.ToBFloat16(pair[1]) << 16)),
            Elements(pack.Call.Outputs[0].Layout!, packed));
        Assert.Equal(
            Elements(unpack.Call.Inputs[0], pairs).SelectMany(bits => new[] { bits << 16, bits & 0xffff0000 }),
            Elements(unpack.Call.Outputs[0].Layout!, unpacked));
    }

    private static OperationCase Case(string name) => OperationCases.All.Single(c => c.Name == name);

    private uint[] Run(IProgramDevice operations, OperationCase drawn, uint[] input)
    {
        uint[] output = new uint[Size(drawn.Call.Outputs[0].Layout!)];
        operations.Reserve(Region.Arena, input.Length + output.Length + operations.ScratchFloats);
        operations.Write(new(Region.Arena, 0), MemoryMarshal.Cast<uint, float>(input.AsSpan()).ToArray());
        emitted.Invoke(drawn, operations, [new(Region.Arena, 0), new(Region.Arena, input.Length)]);
        operations.Read(new(Region.Arena, input.Length), MemoryMarshal.Cast<uint, float>(output.AsSpan()));
        return output;
    }

    private static uint[] Draw(Layout layout, Func<uint> element) => [.. Enumerable.Range(0, Size(layout)).Select(_ => element())];

    private static int Size(Layout layout) => (int)(Images * Math.Max(layout.ImageStride, layout.Rows * layout.RowStride));

    private static IEnumerable<uint> Elements(Layout layout, uint[] memory) =>
        from image in Enumerable.Range(0, Images)
        from row in Enumerable.Range(0, layout.Rows)
        from column in Enumerable.Range(0, layout.Columns)
        select memory[(image * layout.ImageStride) + (row * layout.RowStride) + column];
}
