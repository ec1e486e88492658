namespace VptDsl.Orleans;

/// <summary>A sweep as it is handed to a cluster: text and numbers, never code.</summary>
[GenerateSerializer, Immutable, Alias("VptDsl.SweepOrder")]
internal sealed record SweepOrder
{
    /// <summary>The sweep in a line, with a hash of all that decides its results.</summary>
    [Id(0)]
    public required string Description { get; init; }

    /// <summary>The recipe as JSON.</summary>
    [Id(1)]
    public required string Recipe { get; init; }

    /// <summary>What <see cref="ISweepOpener"/> opens.</summary>
    [Id(2)]
    public required string Work { get; init; }

    /// <summary>Whether there are final runs.</summary>
    [Id(3)]
    public required bool Measures { get; init; }

    /// <summary>The results file in full; checkpoints lie beside it.</summary>
    [Id(4)]
    public required string Results { get; init; }

    /// <summary>Steps between two checkpoints of a run.</summary>
    [Id(5)]
    public required int CheckpointEverySteps { get; init; }

    /// <summary>Which of several sweeps comes first: the larger number.</summary>
    [Id(6)]
    public required int Priority { get; init; }

    /// <summary>The version of the library that ordered it.</summary>
    [Id(7)]
    public required string Version { get; init; }
}
