namespace VptDsl.Testing.Ptx;

/// <summary>An instruction of PTX.</summary>
/// <param name="Text">As it stands in the program.</param>
/// <param name="Name">Its name with all modifiers.</param>
/// <param name="Condition">The register of the predicate under which it is executed; -1 for always.</param>
/// <param name="IsNegated">Whether it is executed where the predicate is false.</param>
/// <param name="Operands">What it is given, results first.</param>
internal sealed record PtxInstruction(string Text, string Name, int Condition, bool IsNegated, IReadOnlyList<PtxOperand> Operands)
{
    /// <summary>Where a branch goes.</summary>
    public int Target { get; set; } = -1;

    /// <summary>How it is executed.</summary>
    public PtxOperation Operation { get; init; }

    /// <summary>What arithmetic computes from up to three sources.</summary>
    public Func<ulong, ulong, ulong, ulong>? Compute { get; init; }

    /// <summary>Registers of 32 bits that a load or a store moves.</summary>
    public int Width => Name.Contains(".v4", StringComparison.Ordinal) ? 4 : Name.Contains(".v2", StringComparison.Ordinal) ? 2 : 1;
}

/// <summary>An operand: registers, a number, or an address.</summary>
/// <param name="Registers">One register, or those of a vector; none for a number.</param>
/// <param name="Number">A number, or what is added to a register that is an address.</param>
/// <param name="Special">A register of the machine, such as <c>%tid.x</c>; null for none.</param>
internal sealed record PtxOperand(int[] Registers, ulong Number, string? Special)
{
    public bool IsRegister => Registers.Length == 1;
}

/// <summary>The kinds of instructions that are executed differently.</summary>
internal enum PtxOperation
{
    /// <summary>Each lane computes a register from others.</summary>
    Arithmetic,
    LoadParameter,
    Load,
    Store,
    Copy,
    CommitCopies,
    WaitForCopies,
    LoadMatrices,
    MultiplyMatrices,

    /// <summary>Lanes hand each other a register.</summary>
    Shuffle,
    Barrier,
    Branch,
    Return,
}
