using System.Collections.Immutable;
using System.Globalization;

namespace VptDsl.Orleans;

/// <summary>How far a sweep is on the cluster.</summary>
[GenerateSerializer, Immutable, Alias("VptDsl.SweepView")]
public sealed record SweepView
{
    /// <summary>The sweep in a line.</summary>
    [Id(0)]
    public required string Description { get; init; }

    /// <summary>Whether it runs.</summary>
    [Id(1)]
    public required SweepPhase Phase { get; init; }

    /// <summary>What ended it, where that is a failure; else empty.</summary>
    [Id(2)]
    public required string Problem { get; init; }

    /// <summary>How many runs have ended.</summary>
    [Id(3)]
    public required int Ended { get; init; }

    /// <summary>The runs that were begun, those that have ended included.</summary>
    [Id(4)]
    public required ImmutableArray<RunView> Runs { get; init; }

    /// <summary>Which of several sweeps comes first: the larger number.</summary>
    [Id(5)]
    public required int Priority { get; init; }

    /// <summary>Results as lines of the results file, those that the asker has left out.</summary>
    [Id(6)]
    internal ImmutableArray<string> Lines { get; init; } = [];

    /// <summary>The sweep, and how many of its runs have ended and are under way.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Description}: {Phase.ToString().ToLowerInvariant()}, {Ended} runs ended, {Runs.Count(run => run.Silo.Length > 0)} under way")
        + (Problem.Length > 0 ? $"; {Problem}" : "");
}

/// <summary>A run of a sweep, as far as it is.</summary>
[GenerateSerializer, Immutable, Alias("VptDsl.RunView")]
public sealed record RunView
{
    /// <summary>Rate and decay, or the seed of a final run.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>Who trains it; empty if nobody does.</summary>
    [Id(1)]
    public required string Silo { get; init; }

    /// <summary>How often it was given to somebody.</summary>
    [Id(2)]
    public required int Attempts { get; init; }

    /// <summary>
    /// How well its epochs do, each from 0 to 1: by the measure of <see cref="Training.Recipes.Trial.ValidationAccuracy"/> on validation
    /// images or, of a final run, by the accuracy on training images.
    /// </summary>
    [Id(3)]
    public required ImmutableArray<double> Curve { get; init; }

    /// <summary>Its result in words; empty before it has one.</summary>
    [Id(4)]
    public required string Result { get; init; }

    /// <summary>The name, who trains it, and its result.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Name}, attempt {Attempts}")
        + (Result.Length > 0 ? $": {Result}" : Silo.Length > 0 ? $" on {Silo}" : ", waiting");
}

/// <summary>Whether a sweep runs.</summary>
[GenerateSerializer, Alias("VptDsl.SweepPhase")]
public enum SweepPhase
{
    /// <summary>Its runs are made, or wait for a device.</summary>
    Running,

    /// <summary>It was stopped and can go on.</summary>
    Stopped,

    /// <summary>All runs have ended.</summary>
    Done,

    /// <summary>It cannot be ended.</summary>
    Failed,
}
