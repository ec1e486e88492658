using VptDsl.Compiler.Graph.Operations;
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

    /// <remarks>
    /// The CPU's routine always computes scale and shift gradient: models train them together. OpenCL's compiler takes a quarter of a
    /// second for a kernel: there, one case of each operation does.
    /// </remarks>
    private static IEnumerable<OperationCase> On(TestDevice device) => device switch
    {
        TestDevice.Cpu => OperationCases.All.Where(
            c => c.Call.Operation is not LayerNormParameterGradient || c.Call.Outputs.All(o => o.Layout is not null)),
        TestDevice.OpenCl => OperationCases.All.DistinctBy(c => c.Call.Operation),
        _ => OperationCases.All,
    };
}
