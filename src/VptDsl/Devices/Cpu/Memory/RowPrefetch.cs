using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace VptDsl.Devices.Cpu;

/// <summary>
/// Brings rows nearer that will be read later, a few at a time between other work: a head's columns are short pieces far apart, of which
/// the processor foresees none.
/// </summary>
/// <param name="columns">The number of columns.</param>
internal unsafe struct RowPrefetch(int columns)
{
    private const int MostMatrices = 16;
    private const int FloatsOfLine = CpuMemory.Alignment / sizeof(float);

    private int _count;
    private int _rows;
    private int _row;
    private int _rowsAtATime;
    private MatrixList _matrices;

    /// <summary>Adds the first rows of an image; nothing where there are none, or sixteen matrices already.</summary>
    public void Add(in Matrix matrix, int rows)
    {
        if (Sse.IsSupported && matrix.IsPresent && _count < MostMatrices)
        {
            _matrices[_count++] = new(matrix.Data, matrix.RowStride, rows);
            _rows = Math.Max(_rows, rows);
        }
    }

    /// <summary>Makes so many calls of <see cref="Next"/> fetch everything that was added.</summary>
    public void SpreadOver(int calls) => _rowsAtATime = (_rows + calls - 1) / calls;

    /// <summary>Fetches the next rows of every matrix.</summary>
    public void Next()
    {
        for (int i = 0; i < _count; i++)
        {
            ref readonly var matrix = ref _matrices[i];
            int end = Math.Min(matrix.Rows, _row + _rowsAtATime);
            for (int row = _row; row < end; row++)
            {
                for (int column = 0; column < columns; column += FloatsOfLine)
                {
                    Sse.Prefetch1(matrix.Data + (row * matrix.Stride) + column);
                }
            }
        }

        _row += _rowsAtATime;
    }

    private readonly struct MatrixRows(float* data, long stride, int rows)
    {
        public readonly float* Data = data;
        public readonly long Stride = stride;
        public readonly int Rows = rows;
    }

    [InlineArray(MostMatrices)]
    private struct MatrixList
    {
        private MatrixRows _first;
    }
}
