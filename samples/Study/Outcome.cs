using VptDsl.Training.Recipes;

namespace Study;

/// <summary>What came out for a protocol on a share of the data.</summary>
/// <param name="Protocol">The protocol.</param>
/// <param name="Report">Its trials and final runs.</param>
/// <param name="Seconds">The time of a final run, its test included, on average.</param>
internal sealed record Outcome(Protocol Protocol, SweepReport Report, double Seconds)
{
    /// <summary>Mean test accuracy in percent.</summary>
    public double Accuracy => 100 * Report.Mean;

    /// <summary>Its standard deviation over the seeds, in percent.</summary>
    public double Deviation => 100 * Report.StandardDeviation;

    /// <summary>
    /// All that 24 tasks need, in backbones, as the paper's main table counts: one backbone for all, if any of it is frozen, and what each
    /// task trains.
    /// </summary>
    public double TotalForPaper
    {
        get
        {
            double trained = (double)Protocol.TrainedParameters / Catalogue.BackboneParameters;
            return (trained < 1 ? 1 : 0) + (24 * trained);
        }
    }
}
