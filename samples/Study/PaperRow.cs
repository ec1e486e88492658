namespace Study;

/// <summary>A row of the paper's main table.</summary>
/// <param name="Group">What the paper puts it with.</param>
/// <param name="Method">The method.</param>
/// <param name="Natural">Mean accuracy on VTAB's natural tasks, in percent.</param>
/// <param name="Specialized">On its specialised tasks.</param>
/// <param name="Structured">On its structured tasks.</param>
internal sealed record PaperRow(string Group, string Method, double Natural, double Specialized, double Structured)
{
    /// <summary>Mean accuracy on the tasks of a kind, in percent.</summary>
    public double On(TaskKind kind) => kind switch
    {
        TaskKind.Natural => Natural,
        TaskKind.Specialized => Specialized,
        _ => Structured,
    };
}
