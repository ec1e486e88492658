namespace VptDsl.Testing.Ptx;

/// <summary>
/// A program of PTX did what it must not: read beside its memory, raced, or used an instruction in a way that has no meaning.
/// </summary>
public sealed class PtxFaultException : Exception
{
    /// <summary>A fault without an explanation.</summary>
    public PtxFaultException()
    {
    }

    /// <param name="message">What it did, and where.</param>
    public PtxFaultException(string message)
        : base(message)
    {
    }

    /// <param name="message">What it did, and where.</param>
    /// <param name="innerException">What went wrong before.</param>
    public PtxFaultException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
