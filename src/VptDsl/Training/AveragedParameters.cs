using VptDsl.Programs;

namespace VptDsl.Training;

/// <summary>The moving average of what a run trains and measures, on the device.</summary>
internal sealed class AveragedParameters(ModelProgram program, ParameterAverage average)
{
    private const int PieceFloats = 1 << 16;

    private readonly bool _measures = program.Model.MeasuredFloats > 0;

    /// <summary>Takes note of an update.</summary>
    /// <param name="number">Its number, from 1.</param>
    public void Update(int number)
    {
        double decay = average.DecayAt(number);
        program.Combine(Region.Averages, (float)decay, Region.Trained, (float)(1 - decay));
        if (_measures)
            program.Combine(Region.AveragedStatistics, (float)decay, Region.Statistics, (float)(1 - decay));
    }

    /// <summary>Lets average and parameters change places: the model then is its average. Doing it again undoes it.</summary>
    public void Exchange()
    {
        Exchange(Region.Averages, Region.Trained, program.Model.TrainedFloats);
        Exchange(Region.AveragedStatistics, Region.Statistics, program.Model.MeasuredFloats);
    }

    /// <summary>Makes the model its average.</summary>
    public void Restore()
    {
        program.Combine(Region.Trained, 0, Region.Averages, 1);
        if (_measures)
            program.Combine(Region.Statistics, 0, Region.AveragedStatistics, 1);
    }

    /// <summary>A piece at a time, so that no second copy of a large model is needed.</summary>
    private void Exchange(Region one, Region other, long total)
    {
        float[] ofOne = new float[Math.Min(total, PieceFloats)], ofOther = new float[ofOne.Length];
        for (long offset = 0; offset < total; offset += PieceFloats)
        {
            int count = (int)Math.Min(PieceFloats, total - offset);
            program.Read(new Slot(one, offset), ofOne.AsSpan(0, count));
            program.Read(new Slot(other, offset), ofOther.AsSpan(0, count));
            program.Write(new Slot(one, offset), ofOther.AsSpan(0, count));
            program.Write(new Slot(other, offset), ofOne.AsSpan(0, count));
        }
    }
}
