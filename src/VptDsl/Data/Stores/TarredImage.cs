namespace VptDsl.Data.Stores;

/// <summary>An image in a tar file.</summary>
/// <param name="Shard">The tar file.</param>
/// <param name="Name">The image's name in it.</param>
/// <param name="Offset">Where its bytes begin.</param>
/// <param name="Length">How many there are.</param>
/// <param name="Label">Its class.</param>
internal readonly record struct TarredImage(string Shard, string Name, long Offset, int Length, int Label)
{
    /// <summary>Where it is, for messages.</summary>
    public string Place => $"{Shard}, {Name}";
}
