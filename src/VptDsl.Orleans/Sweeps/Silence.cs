namespace VptDsl.Orleans;

/// <summary>Notices that nobody answers any more, once for each time that it happens. For one thread at a time.</summary>
/// <param name="time">What tells the time.</param>
/// <param name="patience">How long nobody may answer.</param>
/// <param name="noticed">Told that nobody did.</param>
internal sealed class Silence(TimeProvider time, TimeSpan patience, Action? noticed)
{
    private long _heard = time.GetTimestamp();
    private bool _isTold;

    /// <summary>Somebody answered.</summary>
    public void Heard() => (_heard, _isTold) = (time.GetTimestamp(), false);

    /// <summary>Somebody was asked, and nobody answered.</summary>
    public void Missed()
    {
        if (_isTold || time.GetElapsedTime(_heard) < patience)
            return;
        _isTold = true;
        noticed?.Invoke();
    }
}
