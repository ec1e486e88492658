using VptDsl.EndToEnd.Tests.Models;

namespace VptDsl.EndToEnd.Tests.Golden;

/// <summary>The CPU device with all its threads.</summary>
public sealed class CpuGoldenTests(CpuGoldenTests.Fixture fixture) : GoldenTests(fixture), IClassFixture<CpuGoldenTests.Fixture>
{
    public sealed class Fixture() : GoldenDevice(Device.Cpu());
}

/// <summary>The emitted kernels on ILGPU's simulator, by groups of four threads.</summary>
public sealed class SimulatorGoldenTests(SimulatorGoldenTests.Fixture fixture) : GoldenTests(fixture), IClassFixture<SimulatorGoldenTests.Fixture>
{
    public sealed class Fixture() : GoldenDevice(Device.Simulator());
}

/// <summary>The emitted kernels on OpenCL, through PoCL on the CPU: skipped where it is not installed, required on the build server.</summary>
public sealed class OpenClGoldenTests(OpenClGoldenTests.Fixture fixture) : GoldenTests(fixture), IClassFixture<OpenClGoldenTests.Fixture>
{
    protected override Device Device => OpenClOnCpu.Require(base.Device);

    public sealed class Fixture() : GoldenDevice(OpenClOnCpu.TryOpen());
}
