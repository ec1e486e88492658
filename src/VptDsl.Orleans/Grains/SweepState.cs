namespace VptDsl.Orleans.Grains;

/// <summary>What of a sweep is durable.</summary>
[GenerateSerializer, Alias("VptDsl.SweepState")]
internal sealed class SweepState
{
    [Id(0)]
    public SweepOrder? Order { get; set; }

    [Id(1)]
    public SweepPhase Phase { get; set; }

    /// <summary>What ended the sweep, where that is a failure.</summary>
    [Id(2)]
    public string Problem { get; set; } = "";

    /// <summary>Results in the order in which they came, as lines of a results file.</summary>
    [Id(3)]
    public List<string> Lines { get; set; } = [];

    /// <summary>The runs that were begun, by the name of their checkpoints.</summary>
    [Id(4)]
    public Dictionary<string, RunState> Runs { get; set; } = [];

    /// <summary>Whether somebody has the results.</summary>
    [Id(5)]
    public bool IsCollected { get; set; }
}

/// <summary>What of a run is durable.</summary>
[GenerateSerializer, Alias("VptDsl.RunState")]
internal sealed class RunState
{
    /// <summary>The key of the run that is or was under way.</summary>
    [Id(0)]
    public string Run { get; set; } = "";

    /// <summary>How often it was given to somebody.</summary>
    [Id(1)]
    public int Attempts { get; set; }

    /// <summary>Who has it; null if nobody has.</summary>
    [Id(2)]
    public string? Worker { get; set; }

    /// <summary>How many that had it were not heard of again.</summary>
    [Id(3)]
    public int Losses { get; set; }

    /// <summary>How often making it was an error.</summary>
    [Id(4)]
    public int Failures { get; set; }

    /// <summary>The accuracies of its epochs, once it has ended.</summary>
    [Id(5)]
    public List<double> Curve { get; set; } = [];
}
