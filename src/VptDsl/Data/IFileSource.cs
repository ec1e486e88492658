using System.Collections.Immutable;
using VptDsl.Data.Pixels;

namespace VptDsl.Data;

/// <summary>A set that reads files, and what is to be said of them.</summary>
internal interface IFileSource : IImageSource
{
    /// <summary>What was not taken into the set where its images lie.</summary>
    public ImmutableArray<PassedOver> PassedOver { get; }

    /// <summary>Lines of a list that repeat an earlier one.</summary>
    public int Repeated => 0;

    /// <summary>The images read so far whose orientation was ignored.</summary>
    public TurnedImages Turned { get; }

    /// <summary>Where an image comes from.</summary>
    public string NameOf(int index);
}
