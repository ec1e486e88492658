namespace VptDsl.Weights.Hub;

/// <summary>The hub did not give what was asked for; the message names the repository, what is wrong and what to do.</summary>
public sealed class HubException : IOException
{
    /// <summary>Describes what went wrong.</summary>
    /// <param name="reference">What was asked for.</param>
    /// <param name="problem">What is wrong, without a full stop.</param>
    /// <param name="remedy">What to do about it, a sentence.</param>
    /// <param name="innerException">What the network reported, if it did.</param>
    public HubException(string reference, string problem, string remedy, Exception? innerException = null)
        : base($"{reference}: {problem}. {remedy}", innerException) => Reference = reference;

    /// <summary>What was asked for.</summary>
    public string Reference { get; }
}
