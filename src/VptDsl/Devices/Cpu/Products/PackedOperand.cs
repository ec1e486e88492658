namespace VptDsl.Devices.Cpu;

/// <summary>A product's right operand that does not change from call to call, and stays packed.</summary>
/// <remarks>How panels lie follows from the operand's sizes alone, so products with any number of rows can share them.</remarks>
internal sealed unsafe class PackedOperand : IDisposable
{
    private readonly CpuMemory _memory;

    /// <summary>Takes memory for the panels of an operand.</summary>
    /// <param name="n">Columns of the product.</param>
    /// <param name="k">The length of its sums.</param>
    /// <param name="inPairs">Whether it stays in bfloat16, as its operand lies in memory.</param>
    /// <exception cref="InsufficientMemoryException">The machine has not that much memory left.</exception>
    public PackedOperand(int n, long k, bool inPairs)
    {
        long floats = FloatsOf(n, k);
        _memory = new CpuMemory(inPairs ? floats / 2 : floats);
        IsInPairs = inPairs;
    }

    /// <summary>Whether each float of the panels' memory holds two neighbouring elements in bfloat16.</summary>
    public bool IsInPairs { get; }

    /// <summary>The panels.</summary>
    public float* Panels => _memory.Data;

    /// <summary>Whether they hold the operand.</summary>
    public bool IsPacked { get; set; }

    /// <summary>Floats of an operand's panels.</summary>
    public static long FloatsOf(int n, long k) => k * Cpu.Panels.Count(n, MicroKernel.Columns) * MicroKernel.Columns;

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();
}
