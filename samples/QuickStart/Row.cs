namespace QuickStart;

/// <summary>What came out for a scheme.</summary>
/// <param name="Scheme">The scheme's name.</param>
/// <param name="TrainedParameters">The parameters that were trained: the head and what the scheme adds to it.</param>
/// <param name="BackboneParameters">The parameters of the backbone.</param>
/// <param name="TaskBytes">The size of the task file: all that has to be kept for this task.</param>
/// <param name="Seconds">The time that tuning took.</param>
/// <param name="TestAccuracy">The share of test images classified right, from 0 to 1.</param>
/// <param name="Seed">The seed of the run.</param>
internal sealed record Row(
    string Scheme, long TrainedParameters, long BackboneParameters, long TaskBytes, double Seconds, double TestAccuracy, int Seed);
