namespace VptDsl.Devices.Cpu;

/// <content>Sums and means of rows and images.</content>
public abstract unsafe partial class CpuProgramDevice
{
    /// <summary>The sum over the images.</summary>
    protected void SumImages(in MatrixOperand x, in MatrixOperand sum) =>
        Sums.OverImages(Workers, Batch, x.Rows, x.Columns, At(x), At(sum));

    /// <summary>The sum over the rows of all images.</summary>
    protected void SumRows(in MatrixOperand x, in MatrixOperand sum) =>
        Sums.OverRows(Workers, RowsOf(x), x.Columns, At(x), RowAt(sum));

    /// <summary>The mean over groups of rows.</summary>
    protected void MeanOfGroups(in MatrixOperand x, in MatrixOperand mean, int groups) =>
        Groups.Mean(Workers, ImagesOf(x), groups, mean.Rows, x.Columns, At(x), At(mean));

    /// <summary>1 / groups of each row for every group.</summary>
    protected void SpreadToGroups(in MatrixOperand mean, in MatrixOperand x, int groups) =>
        Groups.Spread(Workers, ImagesOf(x), groups, mean.Rows, x.Columns, At(mean), At(x));
}
