namespace VptDsl.Training.Parallel.Wire;

/// <summary>What a frame says.</summary>
internal enum FrameKind : byte
{
    /// <summary>Worker: I know the secret, and ask to take part.</summary>
    Ask,

    /// <summary>Leader: the images of a shard.</summary>
    Terms,

    /// <summary>Worker: the run as I have it.</summary>
    Apply,

    /// <summary>Leader: you take part.</summary>
    Accept,

    /// <summary>Leader: you do not, and why.</summary>
    Refuse,

    /// <summary>Leader: compute shards.</summary>
    Order,

    /// <summary>Worker: what came of a shard.</summary>
    Result,

    /// <summary>Leader: the run is over.</summary>
    End,

    /// <summary>Worker: I cannot go on, and why.</summary>
    Leave,

    /// <summary>Worker: I am still at it.</summary>
    Alive,
}
