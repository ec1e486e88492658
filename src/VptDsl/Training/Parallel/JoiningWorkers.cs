namespace VptDsl.Training.Parallel;

/// <summary>
/// Lets <c>Fit</c> of this process help one that another process leads (<see cref="LeadingWorkers"/>), and end with its result.
/// </summary>
/// <remarks>
/// Call <c>Fit</c> with the same declaration, backbone, frozen prompts, sets and options as the leader does; a difference is refused, and
/// the message names it. What is trained comes from the leader. Checkpoint, logs and <see cref="FitOptions.EpochCompleted"/> are the
/// leader's alone, and nothing is shown meanwhile.
/// </remarks>
public sealed class JoiningWorkers : WorkerGroup
{
    /// <summary>Names the leader.</summary>
    /// <param name="leader">Where it listens, as host:port.</param>
    /// <param name="secret">What all workers of the group know and nobody else does, at least 16 characters.</param>
    /// <exception cref="ArgumentException">An argument makes no sense.</exception>
    public JoiningWorkers(string leader, string secret)
    {
        ArgumentNullException.ThrowIfNull(leader);
        ArgumentNullException.ThrowIfNull(secret);
        Address = WorkerAddress.Parse(leader, nameof(leader));
        Secret = new WorkerSecret(secret, nameof(secret));
    }

    /// <summary>Where the leader listens, as host:port.</summary>
    public string Leader => Address.ToString();

    /// <summary>
    /// How long the leader is looked for, at the beginning and whenever it is lost, 0 or more: time for it to be started again. A minute
    /// unless set.
    /// </summary>
    public TimeSpan JoinTimeout { get; init; } = TimeSpan.FromMinutes(1);

    internal WorkerAddress Address { get; }

    internal WorkerSecret Secret { get; }

    internal override int? Size => null;

    /// <summary>Whom it joins.</summary>
    public override string ToString() => $"joins {Leader}";

    internal override IWorkerSource Open(RunTerms terms) =>
        throw new InvalidOperationException("A worker that joins a run does not lead it.");
}
