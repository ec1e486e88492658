using VptDsl.Devices.Ilgpu;

namespace VptDsl.Concurrency.Tests;

/// <summary>
/// Protects users' processes: eight threads that call, cancel and dispose at random, on three tuners of one device, get right results or
/// exceptions that say what was wrong; nothing crashes and nothing hangs.
/// </summary>
public sealed class StressTests : IDisposable
{
    private const int Threads = 8;

    private readonly string _folder = Directory.CreateTempSubdirectory("vptdsl-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Threads_get_the_results_of_one_thread_on_the_cpu()
    {
        using Device serial = Device.Cpu(threads: 2);
        var crowd = new Crowd(ModelsOn(serial), Device.Cpu(threads: 2), () => Device.Cpu(threads: 2), _folder);
        Assert.True(crowd.Run(Threads, TimeSpan.FromSeconds(TestTier.IsAll ? 60 : 10), least: 101) > 100);
    }

    [SkippableFact]
    public void Threads_get_the_results_of_one_thread_on_opencl()
    {
        Device? device = IlgpuDevice.TryOpenClOnCpu();
        TestTier.RequireOpenCl(device is not null);
        var crowd = new Crowd(ModelsOn(device!), device!, openDevice: null, _folder);
        Assert.True(crowd.Run(Threads, TimeSpan.FromSeconds(TestTier.IsAll ? 15 : 5), least: 1) > 0);
    }

    private SharedModel[] ModelsOn(Device device) =>
    [
        new(d => DeepModel.Create(d, seed: 1), device, _folder),
        new(d => LinearModel.Create(d, seed: 2), device, _folder),
        new(d => ShallowModel.Create(d, seed: 3), device, _folder),
    ];
}
