namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>
/// Combines a value of each thread of a line: the threads leave them in shared memory, and each combines all of its line in the same
/// order. That takes one barrier where a tree has one for each step, and every thread ends with the result, which is the same to the bit
/// in every run, however many threads run in step on a device.
/// </summary>
/// <param name="length">Threads of a line, which are numbered one after the other: a power of two.</param>
internal sealed class LineReduction(int length)
{
    private bool IsInFours => length % 4 == 0;

    /// <summary>Declares the shared memory for one value of each thread of the group.</summary>
    public void Declare(SourceWriter writer, string values, int threads)
    {
        if (IsInFours)
        {
            writer.Line($"ArrayView<Float4> {values}Fours = SharedMemory.Allocate<Float4>({threads / 4});");
            writer.Line($"ArrayView<float> {values} = {values}Fours.Cast<float>();");
        }
        else
        {
            writer.Line($"ArrayView<float> {values} = SharedMemory.Allocate<float>({threads});");
        }
    }

    /// <summary>Replaces variables by their sums over the line whose first thread has the number <c>first</c>.</summary>
    public void WriteSums(SourceWriter writer, params (string Values, string Variable)[] sums)
    {
        Write(writer, sums, "0", (sum, part) => IsInFours
            ? $"{sum} += ({part}.X + {part}.Y) + ({part}.Z + {part}.W);"
            : $"{sum} += {part};");
    }

    /// <summary>Replaces a variable by its largest value over the line. On some devices a NaN among numbers is passed over.</summary>
    public void WriteMax(SourceWriter writer, string values, string variable)
    {
        Write(writer, [(values, variable)], "float.NegativeInfinity", (max, part) => IsInFours
            ? $"{max} = XMath.Max({max}, XMath.Max(XMath.Max({part}.X, {part}.Y), XMath.Max({part}.Z, {part}.W)));"
            : $"{max} = XMath.Max({max}, {part});");
    }

    private void Write(
        SourceWriter writer, (string Values, string Variable)[] items, string none, Func<string, string, string> combine)
    {
        foreach ((string values, string variable) in items)
            writer.Line($"{values}[thread] = {variable};");
        writer.Line("Group.Barrier();");
        foreach ((_, string variable) in items)
            writer.Line($"{variable} = {none};");
        int parts = IsInFours ? length / 4 : length;
        string first = IsInFours ? "first / 4" : "first";
        using (writer.Block($"for (int neighbour = 0; neighbour < {parts}; neighbour++)"))
        {
            foreach ((string values, string variable) in items)
            {
                string part = $"{values}Part";
                writer.Line(IsInFours
                    ? $"Float4 {part} = {values}Fours[{first} + neighbour];"
                    : $"float {part} = {values}[{first} + neighbour];");
                writer.Line(combine(variable, part));
            }
        }
    }
}
