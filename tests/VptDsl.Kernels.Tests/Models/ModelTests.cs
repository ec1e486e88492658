using VptDsl.Kernels.Tests.Harness;
using VptDsl.Programs;
using VptDsl.Testing;
using VptDsl.Testing.Declarations;

namespace VptDsl.Kernels.Tests.Models;

/// <summary>
/// Whole models of any declaration compute on ILGPU devices what they compute on the CPU, and their gradients as defined.
/// </summary>
[Collection(DeviceCollection.Name)]
public sealed class ModelTests(TestDevices devices)
{
    // Prompts, more than one image, and few kernels: OpenCL's compiler takes its time for each.
    private const int SmallSeed = 9;

    public static TheoryData<TestDevice, int> Drawn
    {
        get
        {
            var cases = new TheoryData<TestDevice, int>();

            // OpenCL's compiler takes its time for each kernel. A tiny convolutional network; a vision transformer, a residual network and
            // a Swin transformer with sizes around those of tiles.
            int[] sizes = [.. RandomDeclarations.AroundTiles.Where(seed => seed % 2 == 1).Take(3)];
            IEnumerable<int> onOpenCl = TestTier.Cases([SmallSeed, 3, .. sizes], quick: [SmallSeed]);
            foreach (int seed in onOpenCl)
                cases.Add(TestDevice.OpenCl, seed);

            // Deep, shallow, late and no prompts; carried on and dropped; head and prompts trained, and everything; windows; prompts of
            // one's own; each kind of protocol; tokens before the patches; pixels.
            int[] seeds =
            [
                0, 1, 2, 3, 5, 7, 9, 15, .. RandomDeclarations.InWindows.Take(3),
                .. RandomDeclarations.Open.Take(OpenPromptDeclarations.Count),
                .. RandomDeclarations.Protocols.Take(RandomDeclarations.ProtocolKinds), .. RandomDeclarations.Prefixed,
                RandomDeclarations.Segmented.ElementAt(1), .. sizes,
            ];
            seeds = [.. TestTier.Seeds(seeds, every: 5)];
            foreach (int seed in seeds)
            {
                cases.Add(TestDevice.Simulator, seed);
                if (TestDevices.HasCuda)
                    cases.Add(TestDevice.Cuda, seed);
            }

            return cases;
        }
    }

    public static TheoryData<TestDevice> Devices =>
    [
        TestDevice.Simulator,
        TestDevice.OpenCl,
        .. TestDevices.HasCuda ? [TestDevice.Cuda] : Array.Empty<TestDevice>(),
    ];

    [SkippableTheory]
    [MemberData(nameof(Drawn))]
    public void Training_and_inference_agree_with_the_cpu(TestDevice kind, int seed)
    {
        Device device = devices.Open(kind), cpu = devices.Open(TestDevice.Cpu);
        var model = DrawnModel.Of(seed, kind);
        OptimizerKind optimizer = seed % 2 == 0 ? OptimizerKind.Sgd : OptimizerKind.AdamW;

        ModelRun.Of(model, device, optimizer).AssertNear(ModelRun.Of(model, cpu, optimizer), model.Gradients);
    }

    [SkippableTheory]
    [MemberData(nameof(Devices))]
    public void Two_runs_agree_to_the_bit(TestDevice kind)
    {
        Device device = devices.Open(kind);
        var model = DrawnModel.Of(SmallSeed, kind);

        ModelRun.Of(model, device, OptimizerKind.AdamW).AssertSame(ModelRun.Of(model, device, OptimizerKind.AdamW));
    }

    [SkippableTheory]
    [MemberData(nameof(Devices))]
    public void A_number_that_is_none_shows_in_the_loss_of_its_image_alone(TestDevice kind)
    {
        var model = DrawnModel.Of(SmallSeed, kind);
        Assert.True(model.Batch > 1);
        using Tuner tuner = model.Create(devices.Open(kind));
        float[] images = model.Images;
        images[0] = float.NaN;
        tuner.Compiled.SetBatch(images, model.Labels);
        tuner.Compiled.Step();

        float[] losses = new float[model.Batch];
        tuner.Compiled.ReadLosses(losses);
        Assert.True(float.IsNaN(losses[0]));
        Assert.All(losses[1..], loss => Assert.True(float.IsFinite(loss)));
    }
}
