using System.Runtime.CompilerServices;

namespace VptDsl.Devices.Cpu;

/// <summary>Walks the rows of a matrix in order, without a division for each row.</summary>
internal unsafe struct RowCursor
{
    private readonly long _imageStep;
    private readonly int _rowsPerImage;

    /// <summary>Starts at a row; at none where the matrix is absent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RowCursor(in Matrix matrix, long row)
    {
        if (!matrix.IsPresent)
        {
            this = default;
            Left = int.MaxValue;
            return;
        }

        Stride = matrix.RowStride;
        _rowsPerImage = matrix.RowsPerImage;
        _imageStep = matrix.ImageStride - (_rowsPerImage * Stride);
        long image = row < _rowsPerImage ? 0 : row / _rowsPerImage;
        long inImage = row - (image * _rowsPerImage);
        Row = matrix.Data + (image * matrix.ImageStride) + (inImage * Stride);
        Left = (int)(_rowsPerImage - inImage);
    }

    /// <summary>The address of the present row; null where the matrix is absent.</summary>
    public float* Row { get; private set; }

    /// <summary>Floats from the present row to the next of the same image; 0 where the matrix is absent.</summary>
    public long Stride { get; }

    /// <summary>Rows from the present one to the end of its image.</summary>
    public int Left { get; private set; }

    /// <summary>Goes on by at most <see cref="Left"/> rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Skip(int rows)
    {
        if (Row == null)
        {
            return;
        }

        Row += rows * Stride;
        Left -= rows;
        if (Left == 0)
        {
            Row += _imageStep;
            Left = _rowsPerImage;
        }
    }

    /// <summary>Goes to the next row, perhaps in the next image.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MoveNext() => Skip(1);
}
