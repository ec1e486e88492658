using VptDsl.Devices.Cpu;

namespace VptDsl.Tests.Cpu;

/// <summary>The loss and its gradient do what their formulas say, for every size and any number of threads.</summary>
public unsafe class LossTests
{
    [Theory]
    [InlineData(1, 1, 1f, false)]
    [InlineData(3, 2, 5f, false)]
    [InlineData(8, 10, 1f, false)]
    [InlineData(64, 102, 30f, false)]
    [InlineData(5, 1000, 200f, false)]
    [InlineData(1, 1, 1f, true)]
    [InlineData(3, 2, 5f, true)]
    [InlineData(64, 102, 30f, true)]
    [InlineData(5, 1000, 200f, true)]
    public void Cross_entropy_and_its_gradient_match_the_reference(int images, int classes, float spread, bool soft)
    {
        var random = new Random(classes);
        using var logits = new Operand(random, 1, images, classes, 3);
        using var gradient = new Operand(random, 1, images, classes, 1);
        using var labels = Operand.Vector(random, images);
        using var weights = Operand.Vector(random, images);
        using var softening = Operand.Vector(random, 4 * images);
        using var losses = Operand.Vector(random, images);
        var expected = new double[images, classes];
        var loss = new double[images];
        for (int i = 0; i < images; i++)
        {
            for (int c = 0; c < classes; c++)
            {
                logits[i, c] *= spread;
            }

            labels[0, i] = random.Next(classes);
            double max = Enumerable.Range(0, classes).Max(c => logits[i, c]);
            double sum = Enumerable.Range(0, classes).Sum(c => Math.Exp(logits[i, c] - max));
            float[] numbers = soft && i != 1 ? [random.Next(classes), i % 2 == 0 ? 0.3f : 0, 0.1f, 1 + random.Next(classes)] : [0, 0, 0, 0];
            for (int k = 0; k < 4; k++)
            {
                softening[0, (4 * i) + k] = numbers[k];
            }

            for (int c = 0; c < classes; c++)
            {
                double target = (c == (int)labels[0, i] ? 1 - numbers[1] : 0) + (c == (int)numbers[0] ? numbers[1] : 0);
                target = ((1 - numbers[2]) * target) + (c < numbers[3] ? numbers[2] / numbers[3] : 0);
                loss[i] += weights[0, i] * target * (Math.Log(sum) + max - logits[i, c]);
                expected[i, c] = weights[0, i] * 0.25 * ((Math.Exp(logits[i, c] - max) / sum) - target);
            }
        }

        var targets = new Targets(labels.Data, weights.Data, (Softening*)softening.Data);
        Threads.AssertSameBits("loss", w => Losses.CrossEntropy(w, images, classes, logits.Matrix, targets, losses.Data), losses);
        losses.AssertClose("loss", (_, i) => loss[i]);
        Threads.AssertSameBits(
            "gradient",
            w => Losses.CrossEntropyGradient(w, images, classes, logits.Matrix, targets, 0.25f, gradient.Matrix),
            gradient);
        gradient.AssertClose("gradient", (i, c) => expected[i, c], _ => 1e-6);
    }

    [Fact]
    public void A_logit_that_is_not_a_number_makes_the_loss_not_a_number()
    {
        var random = new Random(1);
        using var logits = new Operand(random, 1, 1, 20);
        using var label = Operand.Vector(random, 1);
        using var weight = Operand.Vector(random, 1);
        using var loss = Operand.Vector(random, 1);
        Softening none = default;
        using var workers = new CpuWorkers(1);
        for (int position = 0; position < 20; position++)
        {
            float before = logits[0, position];
            logits[0, position] = float.NaN;
            label[0, 0] = (position + 1) % 20;
            Losses.CrossEntropy(workers, 1, 20, logits.Matrix, new(label.Data, weight.Data, &none), loss.Data);
            Assert.True(float.IsNaN(loss[0, 0]));
            logits[0, position] = before;
        }
    }
}
