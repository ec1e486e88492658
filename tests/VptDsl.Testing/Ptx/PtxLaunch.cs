namespace VptDsl.Testing.Ptx;

/// <summary>Runs a program as a GPU does: a grid of groups, one after the other.</summary>
/// <param name="BankConflicts">How many times more the banks of shared memory were asked than had to be.</param>
public sealed record PtxLaunch(long BankConflicts)
{
    /// <param name="program">The program.</param>
    /// <param name="memory">Global memory.</param>
    /// <param name="grid">Groups along x, y and z.</param>
    /// <param name="threads">Threads of a group, along x: whole warps.</param>
    /// <param name="arguments">Its arguments, of 32 or 64 bits.</param>
    /// <exception cref="PtxFaultException">It did what it must not.</exception>
    public static PtxLaunch Run(
        PtxProgram program, PtxGlobalMemory memory, (int X, int Y, int Z) grid, int threads, IReadOnlyList<ulong> arguments)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentNullException.ThrowIfNull(arguments);
        if (arguments.Count != program.Parameters)
            throw new PtxFaultException($"The program has {program.Parameters} parameters, and is given {arguments.Count} arguments.");
        long conflicts = 0;
        int number = 0;
        for (int z = 0; z < grid.Z; z++)
        {
            for (int y = 0; y < grid.Y; y++)
            {
                for (int x = 0; x < grid.X; x++)
                {
                    var group = new PtxGroup(program, memory, arguments, threads, number++, new(x, y, z));
                    group.Run();
                    conflicts += group.Shared.Conflicts;
                }
            }
        }

        return new(conflicts);
    }
}
