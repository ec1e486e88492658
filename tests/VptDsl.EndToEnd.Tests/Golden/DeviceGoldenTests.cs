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

    protected override bool Runs(string name) =>
        !ConvolutionalGoldenModels.IsOne(name) || name.EndsWith("_pad", StringComparison.Ordinal) || name.EndsWith("_end2end", StringComparison.Ordinal);

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

    /// <remarks>A convolutional network has twice as many kernels as a transformer, and OpenCL's compiler takes a quarter of a second for each.</remarks>
    protected override bool Runs(string name) => !ConvolutionalGoldenModels.IsOne(name) || name.EndsWith("_pad", StringComparison.Ordinal);

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
