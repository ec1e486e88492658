using VptDsl.Devices.Ilgpu;

namespace VptDsl.EndToEnd.Tests.Golden;

/// <summary>The CPU device with all its threads.</summary>
public sealed class CpuGoldenTests(CpuGoldenTests.Fixture fixture) : GoldenTests, IClassFixture<CpuGoldenTests.Fixture>
{
    protected override Device Device => fixture.Device;

    protected override GoldenTuners Tuners => fixture.Tuners;

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
    protected override Device Device => fixture.Device;

    protected override GoldenTuners Tuners => fixture.Tuners;

    /// <remarks>Every thread of a group is a thread of the CPU there, and groups wait for each other: seconds for a step of a tiny model.</remarks>
    protected override bool Runs(string name) => name is "vit_linear" or "vit_shallow" or "vit_deep" or "vit_end2end" or "swin_deep" or "resnet_pad";

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
    protected override Device Device
    {
        get
        {
            bool isRequired = Environment.GetEnvironmentVariable("CI") == "true";
            Assert.False(fixture.Device is null && isRequired, "OpenCL on the CPU is missing: install pocl-opencl-icd and ocl-icd-opencl-dev.");
            Skip.If(fixture.Device is null, "This machine has no OpenCL implementation for the CPU.");
            return fixture.Device!;
        }
    }

    protected override GoldenTuners Tuners => fixture.Tuners;

    /// <remarks>OpenCL's compiler takes some 20 seconds for the 30 to 60 kernels of a model: one case for each kind of graph.</remarks>
    protected override bool Runs(string name) => name is
        "vit_linear" or "vit_shallow" or "vit_deep" or "vit_deep_adamw" or "vit_end2end" or "vit_bias" or "resnet_pad" or "swin_deep";

    public sealed class Fixture : IDisposable
    {
        public Device? Device { get; } = IlgpuDevice.TryOpenClOnCpu();

        public GoldenTuners Tuners { get; } = new();

        public void Dispose()
        {
            Tuners.Dispose();
            Device?.Dispose();
        }
    }
}
