using VptDsl.Compiler.Graph.Operations;
using VptDsl.Devices.Cpu;
using VptDsl.Kernels.Tests.Harness;
using VptDsl.Programs;
using VptDsl.Testing;

namespace VptDsl.Kernels.Tests.Operations;

/// <summary>
/// Every operation computes what it is defined as, whatever the layouts of its operands. A class for each device, so that the simulator
/// computes while OpenCL compiles.
/// </summary>
public abstract class OperationTests(TestDevice kind, TestDevices devices, OperationsFixture emitted)
{
    private protected static IEnumerable<OperationCase> OneOfEach => OperationCases.All.DistinctBy(c => c.Call.Operation);

    private protected static TheoryData<string> Named(IEnumerable<OperationCase> cases) => [.. cases.Select(c => c.Name)];

    private protected void Check(string name)
    {
        OperationCase drawn = OperationCases.All.Single(c => c.Name == name);
        using IProgramDevice operations = emitted.Create(devices.Open(kind));
        new OperationRun(drawn, seed: 7).Check(operations, (target, slots) => emitted.Invoke(drawn, target, slots));
    }
}

/// <inheritdoc/>
public sealed class CpuOperationTests(TestDevices devices, OperationsFixture emitted)
    : OperationTests(TestDevice.Cpu, devices, emitted), IClassFixture<TestDevices>, IClassFixture<OperationsFixture>
{
    public static TheoryData<string> Cases => Named(OperationCases.All.Where(IsOnCpu));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Operation_agrees_with_its_definition(string name) => Check(name);

    /// <remarks>The CPU's routines stop at four segments: no model asks for more.</remarks>
    private static bool IsOnCpu(OperationCase drawn) => drawn.Call.Operation switch
    {
        Attention attention => attention.Segments <= AttentionCall.MostSegments,
        AttentionGradient attention => attention.Segments <= AttentionCall.MostSegments,
        _ => true,
    };
}

/// <inheritdoc/>
public sealed class SimulatorOperationTests(TestDevices devices, OperationsFixture emitted)
    : OperationTests(TestDevice.Simulator, devices, emitted), IClassFixture<TestDevices>, IClassFixture<OperationsFixture>
{
    public static TheoryData<string> Cases => Named(TestTier.Cases(OperationCases.All, quick: OneOfEach));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Operation_agrees_with_its_definition(string name) => Check(name);
}

/// <inheritdoc/>
/// <remarks>Its compiler takes a quarter of a second for a kernel at best: one case of each operation does there.</remarks>
[Collection(DeviceCollection.Name)]
public sealed class OpenClOperationTests(TestDevices devices, OperationsFixture emitted)
    : OperationTests(TestDevice.OpenCl, devices, emitted), IClassFixture<OperationsFixture>
{
    public static TheoryData<string> Cases => Named(OneOfEach.Union(OperationCases.OfGroups));

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Operation_agrees_with_its_definition(string name) => Check(name);
}

/// <inheritdoc/>
[Collection(DeviceCollection.Name)]
public sealed class CudaOperationTests(TestDevices devices, OperationsFixture emitted)
    : OperationTests(TestDevice.Cuda, devices, emitted), IClassFixture<OperationsFixture>
{
    /// <remarks>One where there is no GPU, which says so.</remarks>
    public static TheoryData<string> Cases => Named(TestDevices.HasCuda ? OperationCases.All : OperationCases.All.Take(1));

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Operation_agrees_with_its_definition(string name) => Check(name);
}
