namespace VptDsl.Programs;

/// <summary>What <see cref="Region.Softening"/> has of each image.</summary>
internal static class SofteningLayout
{
    /// <summary>Another class, its share, what all classes get alike, and the number of these classes.</summary>
    public const int Columns = 4;
}
