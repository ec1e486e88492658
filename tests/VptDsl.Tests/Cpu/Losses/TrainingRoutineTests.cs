using VptDsl.Devices.Cpu;

namespace VptDsl.Tests.Cpu;

/// <summary>Loss and optimisers do what their formulas say, for every size and any number of threads.</summary>
public unsafe class TrainingRoutineTests
{
    [Theory]
    [InlineData(1, 1, 1f)]
    [InlineData(3, 2, 5f)]
    [InlineData(8, 10, 1f)]
    [InlineData(64, 102, 30f)]
    [InlineData(5, 1000, 200f)]
    public void Cross_entropy_and_its_gradient_match_the_reference(int images, int classes, float spread)
    {
        var random = new Random(classes);
        using var logits = new Operand(random, 1, images, classes, 3);
        using var gradient = new Operand(random, 1, images, classes, 1);
        using var labels = Operand.Vector(random, images);
        using var weights = Operand.Vector(random, images);
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
            loss[i] = weights[0, i] * (Math.Log(sum) + max - logits[i, (int)labels[0, i]]);
            for (int c = 0; c < classes; c++)
            {
                expected[i, c] = weights[0, i] * 0.25 * ((Math.Exp(logits[i, c] - max) / sum) - (c == (int)labels[0, i] ? 1 : 0));
            }
        }

        Threads.AssertSameBits(
            "loss", w => Losses.CrossEntropy(w, images, classes, logits.Matrix, labels.Data, weights.Data, losses.Data), losses);
        losses.AssertClose("loss", (_, i) => loss[i]);
        Threads.AssertSameBits(
            "gradient",
            w => Losses.CrossEntropyGradient(w, images, classes, logits.Matrix, labels.Data, weights.Data, 0.25f, gradient.Matrix),
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
        using var workers = new CpuWorkers(1);
        for (int position = 0; position < 20; position++)
        {
            float before = logits[0, position];
            logits[0, position] = float.NaN;
            label[0, 0] = (position + 1) % 20;
            Losses.CrossEntropy(workers, 1, 20, logits.Matrix, label.Data, weight.Data, loss.Data);
            Assert.True(float.IsNaN(loss[0, 0]));
            logits[0, position] = before;
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(40_001)]
    public void Sgd_follows_its_formula(int count)
    {
        var random = new Random(count);
        using var p = Operand.Vector(random, count);
        using var g = Operand.Vector(random, count);
        using var m = Operand.Vector(random, count);
        float[] oldP = p.Values(), oldM = m.Values();
        Threads.AssertSameBits("sgd", w => Optimizers.Sgd(w, count, p.Data, g.Data, m.Data, 0.1f, 0.9f, 0.01f), p, m);
        double Momentum(int i) => (0.9f * (double)oldM[i]) + g[0, i] + (0.01f * (double)oldP[i]);
        m.AssertClose("momentum", (_, i) => Momentum(i), _ => 1e-6);
        p.AssertClose("parameters", (_, i) => oldP[i] - (0.1f * Momentum(i)), _ => 1e-6);
        g.AssertOnlyElementsWritten("gradients");
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(9, 2)]
    [InlineData(40_001, 1000)]
    public void AdamW_follows_its_formula(int count, int number)
    {
        var random = new Random(count);
        using var p = Operand.Vector(random, count);
        using var g = Operand.Vector(random, count);
        using var m = Operand.Vector(random, count);
        using var v = Operand.Vector(random, count);
        for (int i = 0; i < count; i++)
        {
            v[0, i] = 0.1f + Math.Abs(v[0, i]);
        }

        float[] oldP = p.Values(), oldM = m.Values(), oldV = v.Values();
        Threads.AssertSameBits(
            "adamw",
            w => Optimizers.AdamW(w, count, p.Data, g.Data, m.Data, v.Data, 0.01f, 0.9f, 0.999f, 1e-8f, 0.1f, number),
            p,
            m,
            v);
        double First(int i) => (0.9 * oldM[i]) + (0.1 * g[0, i]);
        double Second(int i) => (0.999 * oldV[i]) + (0.001 * g[0, i] * g[0, i]);
        double step = 0.01 * Math.Sqrt(1 - Math.Pow(0.999, number)) / (1 - Math.Pow(0.9, number));
        m.AssertClose("first moments", (_, i) => First(i), _ => 1e-6);
        v.AssertClose("second moments", (_, i) => Second(i), _ => 1e-6);
        p.AssertClose(
            "parameters", (_, i) => (1 - (0.01 * 0.1)) * (oldP[i] - (step * First(i) / (Math.Sqrt(Second(i)) + 1e-8))), _ => 1e-6);
    }
}
