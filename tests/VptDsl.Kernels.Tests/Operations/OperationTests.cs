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
                foreach (OperationCase drawn in OperationCases.All.Where(c => device != TestDevice.Cpu || IsOnCpu(c)))
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

    /// <summary>The CPU's routine always computes both gradients: models train scale and shift together.</summary>
    private static bool IsOnCpu(OperationCase drawn) =>
        drawn.Call.Operation is not LayerNormParameterGradient || drawn.Call.Outputs.All(o => o.Layout is not null);
}
