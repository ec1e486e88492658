using VptDsl.Compiler.Graph.Operations;
using VptDsl.Devices.Cpu;
using VptDsl.Kernels.Tests.Harness;
using VptDsl.Programs;
using VptDsl.Testing;

namespace VptDsl.Kernels.Tests.Operations;

/// <summary>Every operation computes what it is defined as, on every device, whatever the layouts of its operands.</summary>
[Collection(DeviceCollection.Name)]
public sealed class OperationTests(TestDevices devices, OperationsFixture emitted) : IClassFixture<OperationsFixture>
{
    public static TheoryData<TestDevice, string> Cases
    {
        get
        {
            var cases = new TheoryData<TestDevice, string>();
            foreach (TestDevice device in Enum.GetValues<TestDevice>())
            {
                foreach (OperationCase drawn in On(device))
                    cases.Add(device, drawn.Name);
            }

            return cases;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Operation_agrees_with_its_definition(TestDevice device, string name)
    {
        OperationCase drawn = OperationCases.All.Single(c => c.Name == name);
        using IProgramDevice operations = emitted.Create(devices.Open(device));
        new OperationRun(drawn, seed: 7).Check(operations, (target, slots) => emitted.Invoke(drawn, target, slots));
    }

    /// <remarks>
    /// OpenCL's compiler takes a quarter of a second for a kernel, and the simulator as long for a case: one of each operation does there.
    /// </remarks>
    private static IEnumerable<OperationCase> On(TestDevice device) => device switch
    {
        TestDevice.Cpu => OperationCases.All.Where(IsOnCpu),
        TestDevice.OpenCl => OneOfEach.Union(OperationCases.OfGroups),
        TestDevice.Cuda when !TestDevices.HasCuda => [],
        TestDevice.Cuda => OperationCases.All,
        _ => TestTier.Cases(OperationCases.All, quick: OneOfEach),
    };

    private static IEnumerable<OperationCase> OneOfEach => OperationCases.All.DistinctBy(c => c.Call.Operation);

    /// <remarks>The CPU's routines stop at four segments: no model asks for more.</remarks>
    private static bool IsOnCpu(OperationCase drawn) => drawn.Call.Operation switch
    {
        Attention attention => attention.Segments <= AttentionCall.MostSegments,
        AttentionGradient attention => attention.Segments <= AttentionCall.MostSegments,
        _ => true,
    };
}
