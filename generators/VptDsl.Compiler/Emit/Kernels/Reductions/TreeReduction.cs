namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>
/// Combines a value of each thread of a line by a tree in shared memory: in each step the first half of the line adds what the second half
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

    /// <summary>Writes the sum over the line of each variable to its shared memory, where <see cref="Result"/> reads it.</summary>
    public void WriteSums(SourceWriter writer, params (string Values, string Variable)[] sums) =>
        Write(writer, sums, (values, other) => $"{values}[thread] += {other};");

    /// <summary>Writes the largest over the line. On some devices a NaN among numbers is passed over.</summary>
    public void WriteMax(SourceWriter writer, string values, string variable) =>
        Write(writer, [(values, variable)], (all, other) => $"{all}[thread] = XMath.Max({all}[thread], {other});");

    /// <summary>What the tree left for the line whose first thread has a number.</summary>
    public static string Result(string values, string first) => $"{values}[{first}]";

    private void Write(SourceWriter writer, (string Values, string Variable)[] items, Func<string, string, string> combine)
    {
        foreach ((string values, string variable) in items)
            writer.Line($"{values}[thread] = {variable};");
        writer.Line("Group.Barrier();");
        if (length == 1)
            return;
        using (writer.Block($"for (int half = {length / 2}; half > 0; half /= 2)"))
        {
            string distance = stride == 1 ? "half" : $"half * {stride}";
            using (writer.Block($"if ({place} < half)"))
            {
                foreach ((string values, _) in items)
                    writer.Line(combine(values, $"{values}[thread + {distance}]"));
            }

            writer.Line("Group.Barrier();");
        }
    }
}
