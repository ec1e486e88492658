using VptDsl.Devices.Cpu;

namespace VptDsl.Tests.Cpu;

/// <summary>Optimisers do what their formulas say, for every size and any number of threads.</summary>
public unsafe class OptimizerTests
{
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
