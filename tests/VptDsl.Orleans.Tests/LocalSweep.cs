using VptDsl.Training;
using VptDsl.Training.Recipes;

namespace VptDsl.Orleans.Tests;

/// <summary>What a sweep without a cluster finds.</summary>
internal static class LocalSweep
{
    /// <summary>Runs the tiny sweep.</summary>
    /// <returns>The results file.</returns>
    public static byte[] Run(Recipe recipe, string results)
    {
        using Device device = Device.Cpu(threads: 1);
        SweepWork work = new TinySweep().Open(TinySweep.Text, recipe, device);
        new Sweep(recipe, work.Create, results) { Progress = ProgressDisplay.Off }.Run(
            work.Images.Train, work.Images.Validation, work.Images.TrainAndValidation, work.Images.Test);
        return File.ReadAllBytes(results);
    }
}
