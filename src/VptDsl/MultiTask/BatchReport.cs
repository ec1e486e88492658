using System.Globalization;

namespace VptDsl.MultiTask;

/// <summary>What a batch of a <see cref="MultiTaskModel"/>'s queue took (<see cref="MultiTaskOptions.BatchCompleted"/>).</summary>
/// <param name="Images">Its images.</param>
/// <param name="Tasks">The tasks that they belong to.</param>
/// <param name="Elapsed">From its start to its results, with the wait for whoever else uses the device.</param>
public sealed record BatchReport(int Images, int Tasks, TimeSpan Elapsed)
{
    /// <summary>How many images of how many tasks took how long.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Images} images of {Tasks} tasks in {Elapsed.TotalMilliseconds:0.#} ms");
}
