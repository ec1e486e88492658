namespace VptDsl.Programs;

/// <summary>A place in device memory: the first element of a matrix.</summary>
/// <param name="Region">The region it lies in.</param>
/// <param name="Offset">Its offset in that region, in floats.</param>
public readonly record struct Slot(Region Region, long Offset);
