namespace VptDsl.Programs;

/// <summary>Trained parameters that follow one another and learn at one rate.</summary>
/// <param name="Offset">Where they begin in <see cref="Region.Trained"/>, in floats.</param>
/// <param name="Count">Their number.</param>
/// <param name="Scale">What the update's learning rate is multiplied by.</param>
public readonly record struct RateRun(long Offset, long Count, float Scale);
