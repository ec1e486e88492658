using VptDsl.EndToEnd.Tests.Models;
using VptDsl.Testing.Golden;

namespace VptDsl.EndToEnd.Tests.Golden;

/// <summary>The CPU device with all its threads.</summary>
public sealed class CpuGoldenTests(CpuGoldenTests.Fixture fixture) : GoldenTests, IClassFixture<CpuGoldenTests.Fixture>
{
    public static TheoryData<string> Cases => [.. GoldenCase.Names];

    protected override Device Device => fixture.Device;

    protected override GoldenTuners Tuners => fixture.Tuners;

    [Theory]
    [MemberData(nameof(Cases))]
    public void Step(string name) => StepMatchesThePublicImplementation(name);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Inference(string name) => InferenceMatchesThePublicImplementation(name);

    [Theory]
    [MemberData(nameof(Cases))]
    public void ThreeSteps(string name) => ThreeStepsMatchThePublicImplementation(name);

    public sealed class Fixture : IDisposable
    {
        public Device Device { get; } = Device.Cpu();

        public GoldenTuners Tuners { get; } = new();

        public void Dispose()
        {
            Tuners.Dispose();
            Device.Dispose();
        }
    }
}

/// <summary>The emitted kernels on ILGPU's simulator.</summary>
public sealed class SimulatorGoldenTests(SimulatorGoldenTests.Fixture fixture) : GoldenTests, IClassFixture<SimulatorGoldenTests.Fixture>
{
    /// <remarks>Every thread of a group is a thread of the CPU there, and groups wait for each other: seconds for a step of a tiny model.</remarks>
    public static TheoryData<string> Cases => ["vit_linear", "vit_shallow", "vit_deep", "vit_end2end", "swin_deep", "resnet_pad"];

    protected override Device Device => fixture.Device;

    protected override GoldenTuners Tuners => fixture.Tuners;

    [Theory]
    [MemberData(nameof(Cases))]
    public void Step(string name) => StepMatchesThePublicImplementation(name);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Inference(string name) => InferenceMatchesThePublicImplementation(name);

    [Theory]
    [MemberData(nameof(Cases))]
    public void ThreeSteps(string name) => ThreeStepsMatchThePublicImplementation(name);

    public sealed class Fixture : IDisposable
    {
        public Device Device { get; } = Device.Simulator();

        public GoldenTuners Tuners { get; } = new();

        public void Dispose()
        {
            Tuners.Dispose();
            Device.Dispose();
        }
    }
}

/// <summary>The emitted kernels on OpenCL, through PoCL on the CPU: skipped where it is not installed, required on the build server.</summary>
public sealed class OpenClGoldenTests(OpenClGoldenTests.Fixture fixture) : GoldenTests, IClassFixture<OpenClGoldenTests.Fixture>
{
    // OpenCL's compiler needs some seconds for what a model's kernels do not share with other models'.
    private static readonly string[] OneOfEachKind =
    [
        "vit_linear", "vit_shallow", "vit_deep", "vit_deep_adamw", "vit_deep_class_weights", "vit_end2end", "vit_bias", "vit_linear_mlp3_bn_train",
        "resnet_pad", "convnext_pad", "swin_deep",
    ];

    /// <summary>A case for each kind of graph; all of them where VPTDSL_ALL_DEVICES=1, in some 20 minutes.</summary>
    public static TheoryData<string> Cases =>
        [.. Environment.GetEnvironmentVariable("VPTDSL_ALL_DEVICES") == "1" ? GoldenCase.Names : OneOfEachKind];

    protected override Device Device => OpenClOnCpu.Require(fixture.Device);

    protected override GoldenTuners Tuners => fixture.Tuners;

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Step(string name) => StepMatchesThePublicImplementation(name);

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Inference(string name) => InferenceMatchesThePublicImplementation(name);

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void ThreeSteps(string name) => ThreeStepsMatchThePublicImplementation(name);

    public sealed class Fixture : IDisposable
    {
        public Device? Device { get; } = OpenClOnCpu.TryOpen();

        public GoldenTuners Tuners { get; } = new();

        public void Dispose()
        {
            Tuners.Dispose();
            Device?.Dispose();
        }
    }
}
