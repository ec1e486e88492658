using VptDsl.Programs;
using VptDsl.Testing;

namespace VptDsl.DeviceCheck;

/// <summary>
/// ViT-B/16 on a device against the CPU device, at its real size: logits and every gradient of a step, and whether a repeat gives the same
/// bits.
/// </summary>
internal static class AgainstCpu
{
    private const double LogitTolerance = 1e-4, GradientTolerance = 1e-3;

    /// <returns>How many models disagree.</returns>
    public static int Run(Device device, IEnumerable<CheckedModel> models, int batch)
    {
        using Device cpu = Device.Cpu();
        return models.Count(model => !Agrees(model, device, cpu, batch));
    }

    private static bool Agrees(CheckedModel model, Device device, Device cpu, int batch)
    {
        StepResult expected = StepResult.Of(model, cpu, batch), actual = StepResult.Of(model, device, batch),
            again = StepResult.Of(model, device, batch);
        double logits = RelativeError.Of(actual.Logits, expected.Logits);
        // A gradient that is almost nothing beside the others is compared with them.
        double least = 1e-3 * expected.Gradients.Max(value => Math.Abs(value));
        (double error, string name) = expected.Parameters
            .Select(p => (ErrorOf(p.Offset, p.Count), p.Name))
            .MaxBy(p => double.IsNaN(p.Item1) ? double.PositiveInfinity : p.Item1);
        bool repeats = actual.Logits.AsSpan().SequenceEqual(again.Logits) && actual.Gradients.AsSpan().SequenceEqual(again.Gradients);
        bool agrees = logits <= LogitTolerance && error <= GradientTolerance && repeats;
        Console.WriteLine(
            $"{(agrees ? "" : "FAILED ")}{model.Name}, {batch} images, {device.Name} against {cpu.Name}: logits {logits:E1}, "
            + $"worst gradient {error:E1} ({name}), repeated to the bit: {(repeats ? "yes" : "no")}");
        return agrees;

        double ErrorOf(long offset, long count)
        {
            double largest = least, difference = 0;
            for (long i = offset; i < offset + count; i++)
            {
                largest = Math.Max(largest, Math.Abs(expected.Gradients[i]));
                difference = Math.Max(difference, Math.Abs((double)expected.Gradients[i] - actual.Gradients[i]));
            }

            return difference / largest;
        }
    }

    private sealed record StepResult(float[] Logits, float[] Gradients, IReadOnlyList<ParameterDescription> Parameters)
    {
        public static StepResult Of(CheckedModel model, Device device, int batch)
        {
            using Tuner tuner = model.Create(device);
            ModelProgram program = tuner.Compiled;
            (float[] images, int[] labels) = CheckedModel.Draw(tuner.Model, batch);

            // A fresh head and fresh prompts are almost nothing: without this, so are logits and gradients.
            var random = new Random(2);
            foreach (ParameterDescription p in tuner.Model.Parameters.Where(p => p.Trained && model.Name != "full"))
            {
                program.Write(
                    new(p.Region, p.Offset),
                    [.. Enumerable.Range(0, (int)p.Count).Select(_ => (float)((random.NextDouble() - 0.5) * 0.2))]);
            }

            program.SetBatch(images, labels);
            program.Step();
            float[] logits = new float[batch * tuner.Model.Classes], gradients = new float[tuner.Model.TrainedFloats];
            program.ReadLogits(logits);
            program.Read(new(Region.Gradients, 0), gradients);
            return new(logits, gradients, [.. tuner.Model.Parameters.Where(p => p.Trained)]);
        }
    }
}
