using VptDsl.Training.Recipes;

namespace VptDsl.Orleans;

/// <summary>Makes of a text what a sweep trains and on which images, on the silo that a run was given to.</summary>
/// <remarks>
/// The text came from somebody else: take names and numbers out of it, and refuse what is anything else. Every silo must make the same of
/// it, which is checked: model, frozen weights and images are compared with those that the sweep was begun with.
/// </remarks>
public interface ISweepOpener
{
    /// <summary>Opens a sweep's model and images. Called once for a sweep and a device, on any thread.</summary>
    /// <param name="work">What <see cref="ClusterSweep"/> was given.</param>
    /// <param name="recipe">The recipe, which says how images are read.</param>
    /// <param name="device">Where its runs will train.</param>
    SweepWork Open(string work, Recipe recipe, Device device);
}
