namespace VptDsl.Serving;

/// <summary>How much one key may ask one task. More is answered with 429.</summary>
public sealed class TaskRateLimit
{
    /// <summary>Images that may be asked about each <see cref="Period"/> in the long run, at least 1; 10 unless stated.</summary>
    public int Images { get; set; } = 10;

    /// <summary>The time that <see cref="Images"/> are counted in; a second unless stated.</summary>
    public TimeSpan Period { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Images at once after a pause, at least 1; 20 unless stated.</summary>
    public int Burst { get; set; } = 20;
}
