using VptDsl.Programs;

namespace VptDsl.Training;

/// <summary>
/// Remembers which epoch did best on the validation set and, if wanted, what its parameters were; until then, or if not, those that the run
/// began with.
/// </summary>
internal sealed class BestParameters(ModelProgram program, bool keepParameters)
{
    private static readonly Slot Trained = new(Region.Trained, 0), Measured = new(Region.Statistics, 0);
    private readonly float[] _parameters = new float[program.Model.TrainedFloats];
    private readonly float[] _statistics = new float[program.Model.MeasuredFloats];
    private double _accuracy = double.NegativeInfinity;

    /// <summary>The number of the best epoch, from 1; 0 before the first.</summary>
    public int Epoch { get; private set; }

    /// <summary>Whether its parameters are kept.</summary>
    public bool KeepsParameters => keepParameters;

    private bool HasBest => keepParameters && Epoch > 0;

    /// <summary>The kept elements of a parameter that is trained or measured.</summary>
    public Memory<float> Of(ParameterDescription parameter) =>
        (parameter.Trained ? _parameters : _statistics).AsMemory((int)parameter.Offset, (int)parameter.Count);

    /// <summary>Takes up the best epoch of a run that goes on. Its parameters are written to <see cref="Of"/>.</summary>
    public void Resume(int epoch, double accuracy) => (Epoch, _accuracy) = (epoch, accuracy);

    /// <summary>Keeps the present parameters, with which a run begins or goes on, where there are no better ones.</summary>
    public void Begin()
    {
        if (!HasBest)
            Keep();
    }

    /// <summary>Takes note of an epoch that has just ended.</summary>
    public void Consider(int epoch, double accuracy)
    {
        if (accuracy <= _accuracy)
            return;

        Epoch = epoch;
        _accuracy = accuracy;
        if (keepParameters)
            Keep();
    }

    /// <summary>Puts the best epoch's parameters back, if there is one and they were kept.</summary>
    public void Restore()
    {
        if (HasBest)
            PutBack();
    }

    /// <summary>Puts the best epoch's parameters back, or those that the run began with: all that is left of a run that diverged.</summary>
    public void PutBack()
    {
        program.Write(Trained, _parameters);
        if (_statistics.Length > 0)
            program.Write(Measured, _statistics);
    }

    private void Keep()
    {
        program.Read(Trained, _parameters);
        if (_statistics.Length > 0)
            program.Read(Measured, _statistics);
    }
}
