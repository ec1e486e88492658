using System.Globalization;

namespace VptDsl.Orleans.Silos;

/// <summary>The name of a worker, which says whose it is.</summary>
/// <param name="Silo">The silo; no other has this name.</param>
/// <param name="Number">The number in the silo, from 0.</param>
internal readonly record struct WorkerName(string Silo, int Number)
{
    /// <summary>The silo of a worker.</summary>
    public static string SiloOf(string worker) => worker[..Math.Max(worker.LastIndexOf('/'), 0)];

    /// <summary>As it is told to others.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Silo}/{Number}");
}
