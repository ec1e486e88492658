using System.Globalization;
using System.Text.RegularExpressions;
using VptDsl.Devices.Ilgpu;
using VptDsl.Kernels.Tests.Harness;
using VptDsl.Programs;

namespace VptDsl.Kernels.Tests.Models;

/// <summary>Who asks for more memory than a device has reads how many images would fit, and goes on with those.</summary>
public sealed partial class ShortMemoryTests
{
    [Fact]
    public void A_batch_that_does_not_fit_names_one_that_does()
    {
        var model = DrawnModel.Of(seed: 9, TestDevice.Simulator);
        Assert.True(model.Batch > 1, "the model has no batch that could be smaller");
        using var device = IlgpuDevice.CreateSimulator();
        using Tuner tuner = model.Create(device);
        device.MostBytes = 1 << 10;
        int fits;
        while ((fits = Fitting(() => Step(tuner.Compiled, model, model.Batch))) == 0)
            device.MostBytes = device.MostBytes * 9 / 8;

        Assert.InRange(fits, 1, model.Batch - 1);
        Assert.Equal(fits, Fitting(() => Step(tuner.Compiled, model, fits + 1)));
        Step(tuner.Compiled, model, fits);
        device.MostBytes = null;
        Step(tuner.Compiled, model, model.Batch);
    }

    private static int Fitting(Action step)
    {
        string message = Assert.Throws<InsufficientMemoryException>(step).Message;
        Match found = Room().Match(message);
        Assert.True(found.Success, message);
        return found.Groups["none"].Success ? 0 : int.Parse(found.Groups["images"].Value, CultureInfo.InvariantCulture);
    }

    private static void Step(ModelProgram program, DrawnModel model, int batch)
    {
        int floats = model.Images.Length / model.Batch, labels = model.Labels.Length / model.Batch;
        program.SetBatch(model.Images.AsSpan(0, batch * floats), model.Labels.AsSpan(0, batch * labels));
        program.Step();
    }

    [GeneratedRegex("could not be allocated; use a smaller batch. [0-9,]+ bytes are free: "
        + "room for ((?<none>no image)|(?<images>[0-9]+) images) at a time, not for [0-9]+.$")]
    private static partial Regex Room();
}
