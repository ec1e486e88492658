using System.Runtime.CompilerServices;

namespace VptDsl.Devices.Cpu;

/// <summary>Rows of floats in memory: an image after the other, each with the same number of rows. The default value is "absent".</summary>
/// <param name="data">The first element of the first image's first row.</param>
/// <param name="rowsPerImage">Rows of an image, at least 1.</param>
/// <param name="imageStride">Floats from an image to the next; 0 where every image has the same rows (a value without a batch).</param>
/// <param name="rowStride">Floats from a row to the next; more than the columns for a column slice, 0 to repeat one row.</param>
internal readonly unsafe struct Matrix(float* data, int rowsPerImage, long imageStride, long rowStride)
{
    /// <summary>A matrix without images: any number of rows at one stride.</summary>
    public Matrix(float* data, long rowStride)
        : this(data, int.MaxValue, int.MaxValue * rowStride, rowStride)
    {
    }

    public float* Data { get; } = data;

    public int RowsPerImage { get; } = rowsPerImage;

    public long ImageStride { get; } = imageStride;

    public long RowStride { get; } = rowStride;

    /// <summary>False for <c>default</c>: an operand that a routine can do without.</summary>
    public bool IsPresent => Data != null;

    /// <summary>Whether row r lies at r * <see cref="RowStride"/>, across images too.</summary>
    public bool IsContiguousRows => ImageStride == RowsPerImage * RowStride;

    /// <summary>The address of a row, counted over all images.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* Row(long row)
    {
        if (row < RowsPerImage)
        {
            return Data + (row * RowStride);
        }

        long image = row / RowsPerImage;
        return Data + (image * ImageStride) + ((row - (image * RowsPerImage)) * RowStride);
    }

    /// <summary>The address of an image's first row.</summary>
    public float* Image(long image) => Data + (image * ImageStride);

    /// <summary>One image's rows, from a column on.</summary>
    public Matrix RowsOf(long image, int column) => new(Image(image) + column, RowStride);

    /// <summary>The same rows, from a later column on.</summary>
    public Matrix FromColumn(int column) => new(Data + column, RowsPerImage, ImageStride, RowStride);
}
