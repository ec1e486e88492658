using VptDsl.Data;
using VptDsl.Programs;

namespace VptDsl.Training.Parallel;

/// <summary>A run as all who take part in it must have it. The sets and the options have been checked.</summary>
/// <param name="Program">What is trained.</param>
/// <param name="Train">The set to learn from.</param>
/// <param name="Validation">The set that epochs are judged by; null for none.</param>
/// <param name="Options">How.</param>
internal sealed record RunTerms(ModelProgram Program, IImageSource Train, IImageSource? Validation, FitOptions Options);
