using System.Runtime.CompilerServices;

namespace VptDsl.Devices.Cpu;

/// <summary>Walks the rows of a matrix in order, without a division for each row.</summary>
internal unsafe struct RowCursor
{
    private readonly long _rowStride;
    private readonly long _imageStep;
    private readonly int _rowsPerImage;
    private int _left;

    /// <summary>Starts at a row; at none where the matrix is absent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RowCursor(in Matrix matrix, long row)
    {
        if (!matrix.IsPresent)
        {
            this = default;
            return;
        }

        _rowStride = matrix.RowStride;
        _rowsPerImage = matrix.RowsPerImage;
        _imageStep = matrix.ImageStride - (_rowsPerImage * _rowStride);
        long image = row < _rowsPerImage ? 0 : row / _rowsPerImage;
        long inImage = row - (image * _rowsPerImage);
        Row = matrix.Data + (image * matrix.ImageStride) + (inImage * _rowStride);
        _left = (int)(_rowsPerImage - inImage);
    }

    /// <summary>The address of the present row; null where the matrix is absent.</summary>
    public float* Row { get; private set; }

    /// <summary>Goes to the next row, perhaps in the next image.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MoveNext()
    {
        if (Row == null)
        {
            return;
        }

        Row += _rowStride;
        if (--_left == 0)
        {
            Row += _imageStep;
            _left = _rowsPerImage;
        }
    }
}
