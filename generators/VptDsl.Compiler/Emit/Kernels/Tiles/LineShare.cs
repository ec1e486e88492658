namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>
/// How threads share out the lines of a tile: each has some units of neighbouring lines, interleaved with those of the others.
/// </summary>
/// <param name="Lines">Lines of the tile.</param>
/// <param name="Each">Lines that a thread has.</param>
/// <param name="Unit">Neighbouring lines of a thread: one or four.</param>
internal sealed record LineShare(int Lines, int Each, int Unit)
{
    /// <summary>In units of four, where a thread has a multiple of four.</summary>
    public static LineShare InFours(int lines, int each) => new(lines, each, each % 4 == 0 ? 4 : 1);

    /// <summary>Threads that share the lines.</summary>
    public int Threads => Lines / Each;

    /// <summary>Units that a thread has.</summary>
    public int Units => Each / Unit;

    /// <summary>The first of a thread's lines, given its place among those that share them.</summary>
    public string First(string thread) => Unit == 1 ? thread : $"{thread} * {Unit}";

    /// <summary>How far a thread's line is from its first.</summary>
    public int Step(int line) => (line / Unit * Threads * Unit) + (line % Unit);

    /// <summary>A thread's line as an operand of a sum or product.</summary>
    public string Line(string thread, int line) => Sum(First(thread), Step(line));

    /// <summary>A thread's unit, counted in units, as an operand of a sum or product.</summary>
    public string UnitAt(string thread, int unit) => Sum(thread, unit * Threads);

    private static string Sum(string first, int step) => (first, step) switch
    {
        ({ } name, 0) when name.IndexOf(' ') < 0 => name,
        (_, 0) => $"({first})",
        _ => $"({first} + {step})",
    };
}
