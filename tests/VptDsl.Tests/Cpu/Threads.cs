using VptDsl.Devices.Cpu;

namespace VptDsl.Tests.Cpu;

/// <summary>Runs a routine on one, two and three threads.</summary>
internal static class Threads
{
    /// <summary>Fails unless the routine leaves the same bits in its output whatever the number of threads. The output stays.</summary>
    public static void AssertSameBits(string what, Action<CpuWorkers> run, params Operand[] outputs)
    {
        var before = outputs.Select(output => output.Values()).ToArray();
        int[][]? expected = null;
        for (int threads = 1; threads <= 3; threads++)
        {
            using var workers = new CpuWorkers(threads);
            for (int i = 0; i < outputs.Length; i++)
            {
                Restore(outputs[i], before[i]);
            }

            run(workers);
            var bits = outputs.Select(output => output.Bits()).ToArray();
            expected ??= bits;
            for (int i = 0; i < outputs.Length; i++)
            {
                Assert.True(expected[i].AsSpan().SequenceEqual(bits[i]), $"{what}: output {i} differs between 1 and {threads} threads.");
            }
        }
    }

    private static void Restore(Operand output, float[] values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            output[i / output.Columns, i % output.Columns] = values[i];
        }
    }
}
