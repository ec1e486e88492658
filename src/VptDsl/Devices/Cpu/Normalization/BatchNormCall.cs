namespace VptDsl.Devices.Cpu;

/// <summary>The operands of a batch normalisation; a null row or an absent matrix is not asked for.</summary>
internal unsafe struct BatchNormCall
{
    /// <summary>The rows of all images.</summary>
    public long Rows;

    public int Columns;

    public Matrix Input;

    public float* Gamma;

    public float* Beta;

    public float Epsilon;

    public Matrix Output;

    /// <summary>[2, columns]: means, then variances.</summary>
    public Matrix Statistics;

    /// <summary>How far running statistics move, from 0 to 1.</summary>
    public float Momentum;

    public float* RunningMean;

    public float* RunningVariance;

    /// <summary>May be the running mean itself.</summary>
    public float* NextMean;

    /// <summary>May be the running variance itself.</summary>
    public float* NextVariance;
}
