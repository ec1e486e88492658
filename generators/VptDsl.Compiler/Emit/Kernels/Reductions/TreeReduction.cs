namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>
/// Adds up a value of each thread of a line by a tree in shared memory: in each step the first half of the line adds what the second half
/// has. The order is fixed, so that results are the same to the bit in every run.
/// </summary>
/// <param name="length">Threads of a line: a power of two.</param>
/// <param name="stride">How far apart the line's threads are numbered.</param>
/// <param name="place">The variable of a thread's place in its line.</param>
internal sealed class TreeReduction(int length, int stride, string place)
{
    /// <summary>Declares the shared memory for one value of each thread of the group.</summary>
    public static void Declare(SourceWriter writer, string values, int threads) =>
        writer.Line($"ArrayView<float> {values} = SharedMemory.Allocate<float>({threads});");

    /// <summary>Writes the sum over the line of each variable to the place of the line's first thread in its shared memory.</summary>
    public void WriteSums(SourceWriter writer, params (string Values, string Variable)[] sums)
    {
        foreach ((string values, string variable) in sums)
            writer.Line($"{values}[thread] = {variable};");
        writer.Line("Group.Barrier();");
        if (length == 1)
            return;
        using (writer.Block($"for (int half = {length / 2}; half > 0; half /= 2)"))
        {
            string distance = stride == 1 ? "half" : $"half * {stride}";
            using (writer.Block($"if ({place} < half)"))
            {
                foreach ((string values, _) in sums)
                    writer.Line($"{values}[thread] += {values}[thread + {distance}];");
            }

            writer.Line("Group.Barrier();");
        }
    }
}
