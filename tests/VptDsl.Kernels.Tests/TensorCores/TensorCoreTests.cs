using VptDsl.Compiler.Emit.Kernels;
using VptDsl.Kernels.Tests.Operations;
using VptDsl.Testing.Ptx;

namespace VptDsl.Kernels.Tests.TensorCores;

/// <summary>
/// Products on tensor cores compute what they are defined as, whatever the layouts of their operands. No GPU is needed: what ILGPU makes of
/// each kernel is executed instruction by instruction, and a race, a byte beside an operand or a copy that was not waited for is a fault.
/// </summary>
public sealed class TensorCoreTests(TensorCoreFixture emitted) : IClassFixture<TensorCoreFixture>
{
    public static TheoryData<string> Cases => [.. TensorCoreCases.All.Select(c => c.Name)];

    /// <remarks>Within what every device's float32 kernels are held to.</remarks>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Product_in_float32_agrees_with_its_definition(string name) => Check(name, TensorPrecision.Float32);

    private void Check(string name, TensorPrecision precision)
    {
        OperationCase drawn = TensorCoreCases.All.Single(c => c.Name == name);
        Kernel kernel = emitted.Kernel(drawn, precision);
        PtxProgram program = emitted.Program(kernel, precision);
        using var device = new PtxDevice();
        new OperationRun(drawn, seed: 7).Check(device, (_, slots) => device.Launch(kernel, program, drawn.Call, slots));
        Assert.Equal(0, device.BankConflicts);
    }
}
