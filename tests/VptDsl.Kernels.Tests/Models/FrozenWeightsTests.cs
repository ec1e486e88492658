using VptDsl.Compiler;
using VptDsl.Kernels.Tests.Harness;
using VptDsl.Programs;
using VptDsl.Testing;
using VptDsl.Testing.Declarations;

namespace VptDsl.Kernels.Tests.Models;

/// <summary>
/// A model whose frozen weights lie in memory in bfloat16 computes, to the bit, what the same model computes of rounded weights.
/// </summary>
[Collection(DeviceCollection.Name)]
public sealed class FrozenWeightsTests(TestDevices devices)
{
    // A small vision transformer, whose kernels OpenCL's compiler is quick with.
    private const int SmallSeed = 9;

    public static TheoryData<TestDevice, int> Cases
    {
        get
        {
            var cases = new TheoryData<TestDevice, int>();
            cases.Add(TestDevice.OpenCl, SmallSeed);
            int[] transformers = [.. Paired(Enumerable.Range(0, 60), 12)];
            int[] others =
            [
                .. Paired(RandomDeclarations.AroundTiles, 4), .. Paired(RandomDeclarations.InWindows, 3),
                .. Paired(RandomDeclarations.Open, 3), .. Paired(RandomDeclarations.Protocols, 4),
                .. Paired(RandomDeclarations.Segmented, 2),
            ];
            foreach (int seed in TestTier.Cases([SmallSeed, .. transformers, .. others], quick: [SmallSeed]).Distinct())
            {
                cases.Add(TestDevice.Cpu, seed);
                if (TestDevices.HasCuda)
                    cases.Add(TestDevice.Cuda, seed);
            }

            foreach (int seed in TestTier.Cases([SmallSeed, others[0], others[4]], quick: [SmallSeed]))
                cases.Add(TestDevice.Simulator, seed);
            return cases;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void A_run_is_that_of_rounded_weights(TestDevice kind, int seed)
    {
        Device device = devices.Open(kind);
        DrawnModel paired = DrawnModel.Of(seed, kind, frozenWeights: WeightStorage.BFloat16), plain = DrawnModel.Of(seed, kind);
        HashSet<string> rounded;
        using (Tuner tuner = paired.Create(device))
        {
            Assert.Equal(WeightStorage.BFloat16, tuner.Model.FrozenWeights);
            rounded = [.. tuner.Model.Parameters.Where(p => p.Storage == WeightStorage.BFloat16).Select(p => p.Name)];
        }

        var run = ModelRun.Of(paired, device, OptimizerKind.AdamW);
        run.AssertSame(ModelRun.Of(plain, device, OptimizerKind.AdamW, rounded));
        Assert.NotEqual(ModelRun.Of(plain, device, OptimizerKind.AdamW).Inferred, run.Inferred);
    }

    /// <summary>The first declarations of which memory can hold something in bfloat16.</summary>
    private static IEnumerable<int> Paired(IEnumerable<int> seeds, int count) => seeds
        .Where(seed => ModelCompiler.Analyze(RandomDeclarations.Draw(seed) with { FrozenWeights = WeightStorage.BFloat16 })
            .Parameters.NumbersInPairs > 0)
        .Take(count);
}
