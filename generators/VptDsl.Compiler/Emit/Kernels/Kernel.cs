namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>A GPU kernel to be emitted: what each of its threads does.</summary>
/// <param name="Name">Its method's name.</param>
/// <param name="Summary">What it computes, in a line.</param>
/// <param name="Operands">Its matrices, in the order of its parameters.</param>
/// <param name="Threads">How many independent threads run it; not read where it has <see cref="Groups"/>.</param>
/// <param name="WriteBody">
/// Writes the body of its method, in which <c>index</c> is the thread and <c>batch</c> the number of images.
/// </param>
internal sealed record Kernel(
    string Name,
    string Summary,
    IReadOnlyList<KernelOperand> Operands,
    ThreadCount Threads,
    Action<SourceWriter> WriteBody)
{
    /// <summary>A kernel whose threads work together in groups: its body has no <c>index</c>, but <c>Grid</c> and <c>Group</c>.</summary>
    public Kernel(string name, string summary, IReadOnlyList<KernelOperand> operands, GroupLaunch groups, Action<SourceWriter> writeBody)
        : this(name, summary, operands, new ThreadCount(PerImage: false, 0), writeBody) => Groups = groups;

    /// <summary>How its threads form groups that share memory; null where they are independent.</summary>
    public GroupLaunch? Groups { get; }

    /// <summary>
    /// About how many registers a thread needs for its tile: what it adds up, what it multiplies next, and addresses. Null where it has no
    /// tile.
    /// </summary>
    public int? Registers { get; init; }

    /// <summary>
    /// Memory that its call's kernels hand results on in, as the last parameter <c>scratch</c>; null where it takes none.
    /// </summary>
    public ScratchSize? Scratch { get; init; }

    /// <summary>What the calls that share it differ in: its parameters after the batch.</summary>
    public IReadOnlyList<KernelSize> Sizes { get; init; } = [];

    /// <summary>Whether it takes its matrices as addresses, as PTX does, and not as views.</summary>
    public bool TakesAddresses { get; init; }

    /// <summary>Writes the private methods that the body calls, each after an empty line.</summary>
    public Action<SourceWriter> WriteFunctions { get; init; } = _ => { };
}

/// <summary>How many threads a kernel has: a constant, or one for each image of the batch.</summary>
/// <param name="PerImage">Whether <paramref name="Count"/> counts those of one image.</param>
/// <param name="Count">How many.</param>
internal sealed record ThreadCount(bool PerImage, long Count);

/// <summary>A grid of groups of threads.</summary>
/// <param name="ThreadsX">Threads of each group along x: these differ first.</param>
/// <param name="ThreadsY">Threads of each group along y.</param>
/// <param name="SharedFloats">Floats of shared memory of each group.</param>
/// <param name="X">Groups along x, of which a device takes any number.</param>
/// <param name="Y">Groups along y: 65535 at most.</param>
/// <param name="Z">Groups along z: 65535 at most.</param>
internal sealed record GroupLaunch(int ThreadsX, int ThreadsY, int SharedFloats, GroupCount X, GroupCount Y, GroupCount Z)
{
    public int Threads => ThreadsX * ThreadsY;
}

/// <summary>As many groups as it takes for a number of items, each of them the same number.</summary>
/// <param name="PerImage">Whether <paramref name="Items"/> counts those of one image.</param>
/// <param name="Items">What is shared out.</param>
/// <param name="Each">What a group takes.</param>
internal sealed record GroupCount(bool PerImage, long Items, int Each)
{
    public static readonly GroupCount One = new(PerImage: false, 1, 1);

    public static readonly GroupCount OnePerImage = new(PerImage: true, 1, 1);

    /// <summary>Groups that share the images, so that none is left without one.</summary>
    /// <param name="most">How many there are if there are as many images.</param>
    public static GroupCount SharingImages(int most) => OnePerImage with { Most = most };

    /// <summary>How many there are at most; null for any number.</summary>
    public int? Most { get; private init; }

    /// <summary>The number as an expression of a class that derives from the runtime's <c>IlgpuProgramDevice</c>.</summary>
    public string Text
    {
        get
        {
            string count = !PerImage ? SourceWriter.Literal((Items + Each - 1) / Each)
                : Items == 1 && Each == 1 ? "Batch"
                : $"Groups({Items}, {Each})";
            return Most is { } most ? $"XMath.Min({most}, {count})" : count;
        }
    }
}

/// <summary>Floats of scratch memory: a number, and more for each image of the batch.</summary>
/// <param name="Floats">Whatever the batch.</param>
/// <param name="PerImage">For each image.</param>
internal sealed record ScratchSize(long Floats, long PerImage)
{
    /// <summary>Scratch memory begins at a multiple of so many floats.</summary>
    public const int AlignedFloats = 64;

    public static readonly ScratchSize None = new(0, 0);

    /// <summary>Enough for each of some kernels, whatever the batch.</summary>
    public static ScratchSize Of(IEnumerable<Kernel> kernels) => kernels.Select(k => k.Scratch).OfType<ScratchSize>()
        .Aggregate(None, (most, size) => new(Math.Max(most.Floats, size.Floats), Math.Max(most.PerImage, size.PerImage)));

    /// <summary>The number as an expression in which <paramref name="batch"/> counts the images.</summary>
    public string Text(string batch) =>
        PerImage == 0 ? $"{Floats}" : Floats == 0 ? $"{PerImage}L * {batch}" : $"{Floats} + {PerImage}L * {batch}";
}
