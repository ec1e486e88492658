namespace VptDsl.Tests.Training.Recipes;

/// <summary>A tuner whose first values depend on the seed.</summary>
internal sealed class ToyTuner : Tuner
{
    public ToyTuner(Device device, int seed, int? spoiledUpdate = null)
        : this(device, new SoftmaxRegression(3, 3) { SpoiledUpdate = spoiledUpdate }) =>
        ((SoftmaxRegression)Compiled).Trained[0] = seed / 1000f;

    private ToyTuner(Device device, SoftmaxRegression program)
        : base(device, program)
    {
    }
}
