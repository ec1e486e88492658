using VptDsl.Programs;

namespace VptDsl.Training.Parallel;

/// <summary>All of a model that changes in a run and that its gradients depend on.</summary>
/// <param name="trainedFloats">Floats of <see cref="Region.Trained"/>.</param>
/// <param name="measuredFloats">Floats of <see cref="Region.Statistics"/>.</param>
internal sealed class ModelValues(long trainedFloats, long measuredFloats)
{
    /// <summary>Room for the values of a model.</summary>
    public ModelValues(ModelDescription model)
        : this(model.TrainedFloats, model.MeasuredFloats)
    {
    }

    /// <summary>Tells these values from others of the same run.</summary>
    public long Number { get; set; }

    /// <summary>The trained parameters.</summary>
    public float[] Trained { get; } = new float[trainedFloats];

    /// <summary>The running statistics.</summary>
    public float[] Measured { get; } = new float[measuredFloats];

    /// <summary>Copies them from a program.</summary>
    public void ReadFrom(ModelProgram program)
    {
        program.Read(new Slot(Region.Trained, 0), Trained);
        if (Measured.Length > 0)
            program.Read(new Slot(Region.Statistics, 0), Measured);
    }

    /// <summary>Copies them into a program.</summary>
    public void WriteTo(ModelProgram program)
    {
        program.Write(new Slot(Region.Trained, 0), Trained);
        if (Measured.Length > 0)
            program.Write(new Slot(Region.Statistics, 0), Measured);
    }
}
