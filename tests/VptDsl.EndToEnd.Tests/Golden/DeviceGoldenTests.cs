using VptDsl.EndToEnd.Tests.Models;

namespace VptDsl.EndToEnd.Tests.Golden;

/// <summary>The CPU device with all its threads.</summary>
public sealed class CpuGoldenTests(CpuGoldenTests.Fixture fixture) : GoldenTests(fixture), IClassFixture<CpuGoldenTests.Fixture>
{
    [Theory]
    [MemberData(nameof(Cases))]
    public void ThreeSteps(string name) => ThreeStepsMatchThePublicImplementation(name);

    public sealed class Fixture() : GoldenDevice(Device.Cpu(), GoldenModels.Load);
}

/// <summary>The emitted kernels on ILGPU's simulator, by groups of four threads.</summary>
public sealed class SimulatorGoldenTests(SimulatorGoldenTests.Fixture fixture)
    : GoldenTests(fixture), IClassFixture<SimulatorGoldenTests.Fixture>
{
    /// <summary>
    /// Updates come after gradients, which are compared for every case, and have one kernel an optimiser: here they run for each optimiser,
    /// for statistics that a step measures, and for each architecture. A simulated step takes seconds.
    /// </summary>
    public static TheoryData<string> TrainedCases =>
    [
        "vit_deep",
        "vit_deep_adamw",
        "vit_linear_mlp3_bn_train",
        "swin_deep",
        "convnext_pad",
    ];

    [Theory]
    [MemberData(nameof(TrainedCases))]
    public void ThreeSteps(string name) => ThreeStepsMatchThePublicImplementation(name);

    public sealed class Fixture() : GoldenDevice(Device.Simulator(), GoldenModels.Load);
}

/// <summary>
/// The emitted kernels on OpenCL, through PoCL on the CPU: skipped where it is not installed, required on the build server.
/// </summary>
public sealed class OpenClGoldenTests(OpenClGoldenTests.Fixture fixture) : GoldenTests(fixture), IClassFixture<OpenClGoldenTests.Fixture>
{
    protected override Device Device => OpenClOnCpu.Require(base.Device);

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void ThreeSteps(string name) => ThreeStepsMatchThePublicImplementation(name);

    public sealed class Fixture() : GoldenDevice(OpenClOnCpu.TryOpen(), GoldenModels.Load);
}
