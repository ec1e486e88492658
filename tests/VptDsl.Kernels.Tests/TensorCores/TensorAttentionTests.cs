using VptDsl.Benchmarks.Kernels;
using VptDsl.Compiler.Emit;
using VptDsl.Compiler.Emit.Kernels;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Kernels.Tests.Operations;
using VptDsl.Programs;
using VptDsl.Testing.Ptx;

namespace VptDsl.Kernels.Tests.TensorCores;

/// <summary>
/// Attention on tensor cores computes what it is defined as. No GPU is needed: what ILGPU makes of each kernel is executed instruction by
/// instruction, and a race, a byte beside an operand or a copy that was not waited for is a fault.
/// </summary>
public sealed class TensorAttentionTests(TensorAttentionFixture emitted) : IClassFixture<TensorAttentionFixture>
{
    /// <summary>
    /// What rounding makes of attention over heads of 32 columns whose numbers are up to 2. Both factors of a score are off by a unit each,
    /// which the sum's terms, as large as 4/3 in the mean, make 2 · 4/3 · √32 of a scaled score, and so of a weight, and of the sum by
    /// which it is divided as much again. Weights and values are off by a unit each too. Times two, since weighted means are smaller than
    /// what they are of.
    /// </summary>
    private const double Units = 2 * ((2 * 2 * 4 / 3.0 * 5.66) + 2);

    private const double UnitOfTensorFloat32 = 1.0 / (1 << 11), UnitOfBFloat16 = 1.0 / (1 << 8);

    public static TheoryData<string> Cases => Names(TensorAttentionCases.All.Where(c => HasKernel(c, Precision.Float32)));

    public static TheoryData<string> Gradients => Names(TensorAttentionCases.Gradients);

    public static TheoryData<string> OfNarrowHeads => Names(TensorAttentionCases.OfNarrowHeads);

    public static TheoryData<string> OfWholeNumbers => Names(TensorAttentionCases.OfWholeNumbers);

    public static TheoryData<string> OfOneTile => Names(TensorAttentionCases.OfOneTile);

    private static readonly string[] Architectures = ["sm_80", "sm_90"];

    public static TheoryData<string> Precisions => [.. Enum.GetNames<Precision>()];

    /// <remarks>Within what every device's float32 kernels are held to.</remarks>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Attention_in_float32_agrees_with_its_definition(string name) =>
        Check(name, Precision.Float32, OperationRun.Tolerance);

    [Theory]
    [MemberData(nameof(Gradients))]
    public void Gradients_in_float32_agree_with_their_definition(string name) =>
        Check(name, Precision.Float32, OperationRun.Tolerance);

    [Theory]
    [MemberData(nameof(Gradients))]
    public void Gradients_in_tensor_float32_are_off_by_their_roundings(string name) =>
        Check(name, Precision.TensorFloat32, Units * UnitOfTensorFloat32);

    [Theory]
    [MemberData(nameof(Gradients))]
    public void Gradients_in_bfloat16_are_off_by_their_roundings(string name) =>
        Check(name, Precision.BFloat16, Units * UnitOfBFloat16);

    [Theory]
    [MemberData(nameof(OfNarrowHeads))]
    public void Attention_in_tensor_float32_is_off_by_its_roundings(string name) =>
        Check(name, Precision.TensorFloat32, Units * UnitOfTensorFloat32);

    [Theory]
    [MemberData(nameof(OfNarrowHeads))]
    public void Attention_in_bfloat16_is_off_by_its_roundings(string name) =>
        Check(name, Precision.BFloat16, Units * UnitOfBFloat16);

    /// <remarks>
    /// What the interpreter makes of a model in a precision is what the kernels make of it. That holds to a float's rounding where all keys
    /// are in one tile, since weights are rounded relative to the largest score so far.
    /// </remarks>
    [Theory]
    [MemberData(nameof(OfOneTile))]
    public void Attention_is_that_of_rounded_factors(string name)
    {
        Check(name, Precision.TensorFloat32, OperationRun.Tolerance, Precision.TensorFloat32);
        Check(name, Precision.BFloat16, OperationRun.Tolerance, Precision.BFloat16);
    }

    /// <remarks>
    /// A weight that float32 puts on the other side of the middle between two numbers is rounded to the other, and spoils its row. Of the
    /// thousand weights of a case that is one or none.
    /// </remarks>
    [Theory]
    [MemberData(nameof(Gradients))]
    public void Gradients_are_those_of_rounded_factors_but_for_a_row(string name)
    {
        const double Most = 0.9;
        Check(name, Precision.TensorFloat32, OperationRun.Tolerance, Precision.TensorFloat32, Most);
        Check(name, Precision.BFloat16, OperationRun.Tolerance, Precision.BFloat16, Most);
    }

    [Theory]
    [MemberData(nameof(OfWholeNumbers))]
    public void Attention_of_what_needs_no_rounding_is_as_good_in_tensor_float32(string name) =>
        Check(name, Precision.TensorFloat32, OperationRun.Tolerance);

    [Theory]
    [MemberData(nameof(OfWholeNumbers))]
    public void Attention_of_what_needs_no_rounding_is_as_good_in_bfloat16(string name) =>
        Check(name, Precision.BFloat16, OperationRun.Tolerance);

    /// <remarks>NVIDIA's larger of a number and NaN is the number: NaN must come through all the same.</remarks>
    [Theory]
    [MemberData(nameof(Precisions))]
    public void What_is_no_number_spoils_its_query_and_no_other(string precision)
    {
        OperationCase drawn = TensorAttentionCases.All.Single(c => c.Name == "attention among prompts");
        long stride = drawn.Call.Inputs[0].RowStride, results = drawn.Call.Outputs[0].Layout!.RowStride;
        (int rows, int columns, int spoiled) = (21, 64, 18);
        float[] memory = new float[5 * rows * 80];
        long[] places = [.. Enumerable.Range(0, 5).Select(operand => (long)operand * rows * 80)];
        Array.Fill(memory, 1);
        memory[(spoiled * stride) + 3] = float.NaN;
        using var device = new PtxDevice { Batch = 1 };
        device.Reserve(Region.Arena, memory.Length);
        device.Write(new(Region.Arena, 0), memory);

        emitted.Launch(
            device, drawn, new(Enum.Parse<Precision>(precision)), [.. places.Select(place => new Slot(Region.Arena, place))]);

        device.Read(new(Region.Arena, 0), memory);
        for (int row = 0; row < rows; row++)
        {
            // The head's 16 columns are the first.
            for (int column = 0; column < columns; column++)
            {
                float value = memory[places[3] + (row * results) + column];
                Assert.True(row == spoiled && column < 16 ? float.IsNaN(value) : Math.Abs(value - 1) < OperationRun.Tolerance);
            }
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Precisions))]
    public void Heads_of_every_width_spill_no_register(string precision)
    {
        Skip.IfNot(Ptxas.IsInstalled, Ptxas.Missing);
        var options = new TensorCoreOptions(Enum.Parse<Precision>(precision));
        IEnumerable<OperationCase> cases = TensorAttentionCases.All
            .DistinctBy(c => (WidthOf(c), ((Attention)c.Call.Operation).Biased)).Where(c => HasKernel(c, options.Precision))
            .Concat(TensorAttentionCases.Gradients.Where(
                c => c.Call.Inputs[3].Columns / ((AttentionGradient)c.Call.Operation).Heads == 64));
        string[] texts =
        [
            .. cases.SelectMany(c => emitted.Kernels(options).OnTensorCores(c.Call)).Where(k => k.TakesAddresses).DistinctBy(k => k.Summary)
                .Select(k => emitted.Ptx(k, options)),
        ];

        Assert.All(texts.AsParallel().SelectMany(ptx => Architectures.Select(to => Ptxas.Assemble(ptx, to))).ToArray(), machine =>
            Assert.Equal(0, machine.SpilledBytes));
    }

    /// <remarks>A group passes over several images, and begins the next when all of its warps are done with one.</remarks>
    [Theory]
    [InlineData("bar.sync 0; add.u32 image, image, 16;", "add.u32 image, image, 16;")]
    [InlineData("setp.lt.u32 sumThere, sumNext, 17;", "setp.lt.u32 sumThere, sumNext, 32;")]
    public void Gradient_without_one_of_its_instructions_faults(string text, string replacement)
    {
        OperationCase drawn = TensorAttentionCases.Gradients.Single(
            c => c.Name == "gradient of attention of 17 over 16 and 40 prompts, 1 heads of 16, of the prompts alone");
        var options = new TensorCoreOptions(Precision.TensorFloat32);
        string[] replaced = [];
        using var device = new PtxDevice();

        Assert.Throws<PtxFaultException>(() => new OperationRun(drawn, seed: 7).Check(
            device, (_, slots) => emitted.Launch(device, drawn, options, slots, Replace)));
        Assert.Single(replaced);

        string Replace(string ptx)
        {
            if (ptx.Contains(text, StringComparison.Ordinal))
                replaced = [ptx];
            return ptx.Replace(text, replacement, StringComparison.Ordinal);
        }
    }

    /// <remarks>Each is the only thing that orders something, or that takes away what does not exist.</remarks>
    [Theory]
    [InlineData("cp.async.wait_group 0; bar.sync 0;", "cp.async.wait_group 0;", "no barrier between")]
    [InlineData("cp.async.wait_group 0; bar.sync 0;", "bar.sync 0;", "copy is under way")]
    [InlineData("add.u32 toCopy, to, writing;", "add.u32 toCopy, to, reading;", "copy is under way")]
    [InlineData("selp.b32 size, 16, 0, copyThere;", "mov.b32 size, 16;", "global memory")]
    [InlineData("cvt.rna.tf32.f32 column0, column0;", "", "not rounded")]
    public void Kernel_without_one_of_its_instructions_faults(string text, string replacement, string message)
    {
        OperationCase drawn = TensorAttentionCases.All.Single(
            c => c.Name == "attention of 16 over 33 and 5 prompts, 1 heads of 32, by tensor cores' tiles");
        var options = new TensorCoreOptions(Precision.TensorFloat32);
        Kernel kernel = emitted.Kernel(drawn, options);
        string ptx = emitted.Ptx(kernel, options).ReplaceLineEndings("\n");
        Assert.Contains(text, ptx, StringComparison.Ordinal);
        PtxProgram program = PtxProgram.Parse(ptx.Replace(text, replacement, StringComparison.Ordinal));
        using var device = new PtxDevice();

        var fault = Assert.Throws<PtxFaultException>(() => new OperationRun(drawn, seed: 7).Check(
            device, (_, slots) => device.Launch(kernel, program, drawn.Call, slots)));

        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wider_heads_of_split_floats_and_fewer_queries_keep_their_kernel()
    {
        OperationCase wide = TensorAttentionCases.All.First(c => WidthOf(c) == 128);
        CallKernels kernels = emitted.Kernels(new(Precision.Float32));

        Assert.Empty(kernels.OnTensorCores(wide.Call));
        Assert.Null(TensorAttentionTile.Choose(queries: 15, columns: 64, sharedBytes: 48 * 1024, Precision.BFloat16));
        Assert.Null(TensorAttentionTile.Choose(queries: 197, columns: 72, sharedBytes: 48 * 1024, Precision.BFloat16));
    }

    private static int WidthOf(OperationCase drawn) => drawn.Call.Inputs[0].Columns / ((Attention)drawn.Call.Operation).Heads;

    private static bool HasKernel(OperationCase drawn, Precision precision) =>
        precision != Precision.Float32 || WidthOf(drawn) <= 112;

    private void Check(
        string name, Precision precision, double tolerance, Precision definition = Precision.Float32, double share = 1)
    {
        OperationCase drawn = TensorAttentionCases.All.Concat(TensorAttentionCases.Gradients).Single(c => c.Name == name);
        using var device = new PtxDevice();
        new OperationRun(drawn, seed: 7).Check(
            device, (_, slots) => emitted.Launch(device, drawn, new(precision), slots), tolerance, definition, share);
        Assert.Equal(0, device.BankConflicts);
    }

    private static TheoryData<string> Names(IEnumerable<OperationCase> cases) => [.. cases.Select(c => c.Name)];
}
