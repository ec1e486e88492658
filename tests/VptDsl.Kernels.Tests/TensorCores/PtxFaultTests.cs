using VptDsl.Compiler.Emit.Kernels;
using VptDsl.Kernels.Tests.Operations;
using VptDsl.Testing.Ptx;

namespace VptDsl.Kernels.Tests.TensorCores;

/// <summary>
/// The execution of PTX sees what a GPU would do at random: each fault here is one that the emitted kernels must not have.
/// </summary>
public sealed class PtxFaultTests(TensorProductFixture emitted) : IClassFixture<TensorProductFixture>
{
    private const string Head = """
        .visible .entry Kernel(
            .param .b64 _a
        )
        {
            .shared .align 128 .b8 memory[256];
            .reg .b32 tid, at, x, y<4>;
            .reg .f32 d<4>;
            .reg .b64 a, b;
            .reg .pred p;
            mov.u32 tid, %tid.x;
            ld.param.b64 a, [_a];
            mov.u32 at, memory;
            mad.lo.u32 at, tid, 4, at;

        """;

    [Theory]
    [InlineData("st.shared.b32 [at], tid; xor.b32 at, at, 4; ld.shared.b32 x, [at];", "no barrier between")]
    [InlineData("st.shared.b32 [at], tid; and.b32 at, at, 1024; st.shared.b32 [at], tid;", "no barrier between")]
    [InlineData("ld.shared.b32 x, [at];", "nobody has written")]
    [InlineData("ld.shared.b32 x, [at+512];", "there is no word")]
    [InlineData("st.shared.v2.f32 [at], {d0, d1};", "no multiple")]
    [InlineData("mul.wide.u32 b, tid, 4; add.s64 a, a, b; ld.global.f32 d0, [a+4];", "no float of a matrix")]
    [InlineData("st.global.f32 [a], d0;", "another thread")]
    [InlineData("cp.async.ca.shared.global [at], [a], 4; cp.async.commit_group; ld.shared.b32 x, [at];", "copy is under way")]
    [InlineData(
        "cp.async.ca.shared.global [at], [a], 4; cp.async.commit_group; cp.async.wait_group 1; ld.shared.b32 x, [at];",
        "copy is under way")]
    [InlineData(
        "cp.async.ca.shared.global [at], [a], 4; cp.async.commit_group; cp.async.wait_group 0; xor.b32 at, at, 4; ld.shared.b32 x, [at];",
        "no barrier between")]
    [InlineData("cp.async.ca.shared.global [at], [a], 4; cp.async.commit_group;", "under way")]
    [InlineData("setp.lt.u32 p, tid, 7; @p bra THERE; bar.sync 0; THERE: ", "some lanes of a warp alone")]
    [InlineData("setp.lt.u32 p, tid, 32; @p bra THERE; bar.sync 0; THERE: ", "others have ended")]
    [InlineData(
        "mov.b32 x, 0f3f800001; "
            + "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {d0, d1, d2, d3}, {x, x, x, x}, {x, x}, {d0, d1, d2, d3};",
        "not rounded")]
    [InlineData("add.u32 x, x, memory;", "no register memory")]
    [InlineData("shfl.sync.b32 x, x, 1;", "is not known")]
    public void What_no_kernel_may_do_is_a_fault(string text, string message)
    {
        var fault = Assert.Throws<PtxFaultException>(() => Run(text));

        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("st.shared.b32 [at], tid; bar.sync 0; xor.b32 at, at, 4; ld.shared.b32 x, [at];")]
    [InlineData(
        "cp.async.ca.shared.global [at], [a], 4; cp.async.commit_group; cp.async.wait_group 0; bar.sync 0; xor.b32 at, at, 4; "
            + "ld.shared.b32 x, [at];")]
    [InlineData("setp.lt.u32 p, tid, 7; @p bra THERE; add.u32 x, x, 1; THERE: bar.sync 0;")]
    public void What_is_ordered_is_none(string text) => Run(text);

    /// <remarks>Each is the only thing that orders something.</remarks>
    [Theory]
    [InlineData("cp.async.wait_group 1; bar.sync 0;", "cp.async.wait_group 1;")]
    [InlineData("cp.async.wait_group 1; bar.sync 0;", "bar.sync 0;")]
    [InlineData("cp.async.wait_group 1;", "cp.async.wait_group 2;")]
    [InlineData("PASS:\nbar.sync 0;", "PASS:")]
    [InlineData("bar.sync 0;\nmov.u32 load", "mov.u32 load")]
    [InlineData("cvt.rna.tf32.f32 aPart0, aPart0;", "")]
    public void Kernel_without_one_of_its_instructions_faults(string text, string replacement)
    {
        OperationCase drawn = TensorCoreCases.All.Single(c => c.Name == "linear 43 × 63 over 17, by tensor cores' tiles");
        var options = new TensorCoreOptions(Precision.TensorFloat32) { Tile = TensorTile.Candidates[^1] };
        Kernel kernel = emitted.Kernel(drawn, options);
        string ptx = emitted.Ptx(kernel, options).ReplaceLineEndings("\n");
        string[] lines = [.. ptx.Split('\n').Select(line => line.Trim())];
        ptx = string.Join('\n', lines);
        Assert.Contains(text, ptx, StringComparison.Ordinal);
        PtxProgram program = PtxProgram.Parse(ptx.Replace(text, replacement, StringComparison.Ordinal));
        using var device = new PtxDevice();

        Assert.Throws<PtxFaultException>(() => new OperationRun(drawn, seed: 7).Check(
            device, (_, slots) => device.Launch(kernel, program, drawn.Call, slots)));
    }

    private static void Run(string text) => PtxLaunch.Run(
        PtxProgram.Parse(Head + text + "\nret;\n}"), new(new float[64], Enumerable.Repeat(true, 64).ToArray()), (1, 1, 1), threads: 64,
        [PtxGlobalMemory.Address]);
}
