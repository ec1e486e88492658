using VptDsl.EndToEnd.Tests.Models;
using VptDsl.Testing;
using VptDsl.Testing.Golden;

namespace VptDsl.EndToEnd.Tests.Golden;

/// <summary>The CPU device with all its threads.</summary>
public sealed class CpuGoldenTests(CpuGoldenTests.Fixture fixture) : GoldenAgreement(fixture), IClassFixture<CpuGoldenTests.Fixture>
{
    public static TheoryData<string> Cases => [.. GoldenCase.Names];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Step(string name) => StepAgrees(name);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Inference(string name) => InferenceAgrees(name);

    [Theory]
    [MemberData(nameof(Cases))]
    public void ThreeSteps(string name) => ThreeStepsAgree(name);

    public sealed class Fixture() : GoldenDevice(Device.Cpu(), GoldenModels.Load);
}

/// <summary>The emitted kernels on ILGPU's simulator, by groups of four threads.</summary>
public sealed class SimulatorGoldenTests(SimulatorGoldenTests.Fixture fixture)
    : GoldenAgreement(fixture), IClassFixture<SimulatorGoldenTests.Fixture>
{
    public static TheoryData<string> Cases => [.. TestTier.Cases(GoldenCase.Names, quick: FamilyGoldenModels.Names)];

    /// <summary>
    /// Updates come after gradients, which are compared for every case, and have one kernel an optimiser: here they run for each optimiser,
    /// for statistics that a step measures, and for each architecture. A simulated step takes seconds.
    /// </summary>
    public static TheoryData<string> TrainedCases =>
    [
        .. TestTier.Cases(
            ["vit_deep", "vit_deep_adamw", "vit_linear_mlp3_bn_train", "swin_deep", "convnext_pad"], quick: ["vit_deep_adamw"]),
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Step(string name) => StepAgrees(name);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Inference(string name) => InferenceAgrees(name);

    [Theory]
    [MemberData(nameof(TrainedCases))]
    public void ThreeSteps(string name) => ThreeStepsAgree(name);

    public sealed class Fixture() : GoldenDevice(Device.Simulator(), GoldenModels.Load);
}

/// <summary>
/// The emitted kernels on OpenCL, through PoCL on the CPU: skipped where it is not installed, required on the build server.
/// </summary>
public sealed class OpenClGoldenTests(OpenClGoldenTests.Fixture fixture)
    : GoldenAgreement(fixture), IClassFixture<OpenClGoldenTests.Fixture>
{
    /// <summary>
    /// Its compiler needs a quarter to half a second for a kernel, and most cases have the same kernels in other sizes, which the simulator
    /// runs: here are the cases that together have a kernel of every kind.
    /// </summary>
    public static TheoryData<string> Cases => [.. TestTier.Cases(KernelKinds.CasesWithAll, quick: ["vit_deep"])];

    protected override Device Device => OpenClOnCpu.Require(base.Device);

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Step(string name) => StepAgrees(name);

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Inference(string name) => InferenceAgrees(name);

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void ThreeSteps(string name) => ThreeStepsAgree(name);

    public sealed class Fixture() : GoldenDevice(OpenClOnCpu.TryOpen(), GoldenModels.Load);
}
