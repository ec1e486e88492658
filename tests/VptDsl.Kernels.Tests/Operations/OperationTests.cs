using VptDsl.Compiler.Graph.Operations;
using VptDsl.Devices.Cpu;
using VptDsl.Kernels.Tests.Harness;
using VptDsl.Programs;

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

    /// <remarks>OpenCL's compiler takes a quarter of a second for a kernel: there, one case of each operation does.</remarks>
    private static IEnumerable<OperationCase> On(TestDevice device) => device switch
    {
        TestDevice.Cpu => OperationCases.All.Where(IsOnCpu),
        TestDevice.OpenCl => OperationCases.All.DistinctBy(c => c.Call.Operation).Union(OperationCases.OfGroups),
        TestDevice.Cuda when !TestDevices.HasCuda => [],
        _ => OperationCases.All,
    };

    /// <remarks>The CPU's routines stop at four segments: no model asks for more.</remarks>
    private static bool IsOnCpu(OperationCase drawn) => drawn.Call.Operation switch
    {
        Attention attention => attention.Segments <= AttentionCall.MostSegments,
        AttentionGradient attention => attention.Segments <= AttentionCall.MostSegments,
        _ => true,
    };
}
