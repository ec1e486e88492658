using System.Collections.Immutable;

namespace VptDsl.Orleans.Grains;

/// <summary>What a sweep has for a worker that asks for a run.</summary>
/// <param name="Assignment">The run; null if there is none now.</param>
/// <param name="IsOver">Whether there will be none.</param>
[GenerateSerializer, Immutable, Alias("VptDsl.RunOffer")]
internal sealed record RunOffer([property: Id(0)] RunAssignment? Assignment, [property: Id(1)] bool IsOver);

/// <summary>A run, given to a worker.</summary>
/// <param name="Sweep">The key of the sweep's grain.</param>
/// <param name="Order">The sweep.</param>
/// <param name="Lease">The right to make it.</param>
/// <param name="LearningRate">Of the run.</param>
/// <param name="WeightDecay">Of the run.</param>
/// <param name="Seed">Of the run.</param>
/// <param name="IsFinal">Whether it is measured on the test images.</param>
/// <param name="Epochs">The epoch after which it pauses; null for none.</param>
[GenerateSerializer, Immutable, Alias("VptDsl.RunAssignment")]
internal sealed record RunAssignment(
    [property: Id(0)] string Sweep, [property: Id(1)] SweepOrder Order, [property: Id(2)] RunLease Lease,
    [property: Id(3)] double LearningRate, [property: Id(4)] double WeightDecay, [property: Id(5)] int Seed,
    [property: Id(6)] bool IsFinal, [property: Id(7)] int? Epochs);

/// <summary>The right of a worker to make a run, as long as it says now and then that it is alive.</summary>
/// <param name="Run">The key of the run.</param>
/// <param name="Attempt">The how manieth it is for the run's checkpoint, from 1.</param>
/// <param name="Worker">Who has it.</param>
[GenerateSerializer, Immutable, Alias("VptDsl.RunLease")]
internal sealed record RunLease([property: Id(0)] string Run, [property: Id(1)] int Attempt, [property: Id(2)] string Worker);

/// <summary>How far a run is.</summary>
/// <param name="Curve">The accuracies of its epochs.</param>
[GenerateSerializer, Immutable, Alias("VptDsl.RunProgress")]
internal sealed record RunProgress([property: Id(0)] ImmutableArray<double> Curve);
