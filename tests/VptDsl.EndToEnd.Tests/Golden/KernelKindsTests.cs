using VptDsl.Testing.Golden;

namespace VptDsl.EndToEnd.Tests.Golden;

/// <summary>Protects what OpenCL runs: no kind of kernel of the golden cases is missing there.</summary>
public sealed class KernelKindsTests
{
    [Fact]
    public void The_cases_that_run_on_OpenCL_have_every_kind()
    {
        using Device device = Device.Cpu(threads: 1);
        var all = GoldenCase.Names.ToDictionary(name => name, name => KernelKinds.Of(name, device).ToHashSet());
        HashSet<string> there = [.. KernelKinds.CasesWithAll.SelectMany(name => all[name])];

        Assert.True(there.Count > 100, $"{there.Count} kinds were found.");
        Assert.Empty(all.SelectMany(kinds => kinds.Value.Except(there).Select(kind => $"{kind} of {kinds.Key}")));
    }
}
