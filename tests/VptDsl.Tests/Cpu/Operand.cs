using VptDsl.Devices.Cpu;

namespace VptDsl.Tests.Cpu;

/// <summary>
/// A matrix in guarded memory. All floats that are not its elements hold a marker: NaN, so that a routine that reads one shows it, and
/// of a payload that no arithmetic makes, so that a routine that writes one shows it too.
/// </summary>
internal sealed unsafe class Operand : IDisposable
{
    private const int Marker = 0x7FC12345;
    private const int Margin = 37;

    private readonly GuardedMemory _memory;
    private readonly bool[] _elements;

    /// <summary>Makes an operand with random elements between -1 and 1.</summary>
    /// <param name="random">Where they come from.</param>
    /// <param name="images">Images; with <paramref name="shared"/> they all have the same rows.</param>
    /// <param name="rowsPerImage">Rows of an image.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="rowPadding">Floats between rows.</param>
    /// <param name="imagePadding">Floats between images.</param>
    /// <param name="shared">Whether the image stride is 0.</param>
    public Operand(Random random, int images, int rowsPerImage, int columns, int rowPadding = 0, int imagePadding = 0, bool shared = false)
    {
        Images = shared ? 1 : images;
        RowsPerImage = rowsPerImage;
        Columns = columns;
        int rowStride = columns + rowPadding;
        long imageStride = ((long)rowsPerImage * rowStride) + imagePadding;
        long count = Margin + ((Images - 1) * imageStride) + ((rowsPerImage - 1) * (long)rowStride) + columns;
        _memory = new GuardedMemory(count);
        _elements = new bool[count];
        new Span<int>(_memory.Data, (int)count).Fill(Marker);
        Matrix = new Matrix(_memory.Data + Margin, rowsPerImage, shared ? 0 : imageStride, rowStride);
        for (int row = 0; row < Images * rowsPerImage; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                float* element = Matrix.Row(row) + column;
                *element = (random.NextSingle() * 2) - 1;
                _elements[element - _memory.Data] = true;
            }
        }
    }

    public int Images { get; }

    public int RowsPerImage { get; }

    public int Columns { get; }

    public Matrix Matrix { get; }

    public float* Data => Matrix.Data;

    /// <summary>An element; rows count over all images, also over those that share their rows.</summary>
    public float this[long row, int column]
    {
        get => Matrix.Row(row)[column];
        set => Matrix.Row(row)[column] = value;
    }

    /// <summary>One row of random numbers.</summary>
    public static Operand Vector(Random random, int count) => new(random, 1, 1, count);

    /// <summary>The elements' bits, row by row.</summary>
    public int[] Bits()
    {
        var bits = new int[Images * RowsPerImage * Columns];
        for (int i = 0; i < bits.Length; i++)
        {
            bits[i] = BitConverter.SingleToInt32Bits(this[i / Columns, i % Columns]);
        }

        return bits;
    }

    /// <summary>The elements, row by row.</summary>
    public float[] Values() => Array.ConvertAll(Bits(), BitConverter.Int32BitsToSingle);

    /// <summary>Fails if anything but elements was written.</summary>
    public void AssertOnlyElementsWritten(string what)
    {
        for (long i = 0; i < _memory.Count; i++)
        {
            if (!_elements[i] && ((int*)_memory.Data)[i] != Marker)
            {
                Assert.Fail($"{what}: the float at {i - Margin} from the first element was overwritten.");
            }
        }
    }

    /// <summary>Fails if an element differs from the reference by more than the tolerance for it.</summary>
    public void AssertClose(string what, Func<long, int, double> reference, Func<double, double> tolerance)
    {
        AssertOnlyElementsWritten(what);
        for (long row = 0; row < Images * RowsPerImage; row++)
        {
            for (int column = 0; column < Columns; column++)
            {
                double expected = reference(row, column);
                double difference = Math.Abs(this[row, column] - expected);
                if (!(difference <= tolerance(expected)))
                {
                    Assert.Fail($"{what}: element [{row}, {column}] is {this[row, column]:R}, expected {expected:R}.");
                }
            }
        }
    }

    /// <summary>Fails if an element differs from the reference by more than 1e-5 of the larger of it and 1.</summary>
    public void AssertClose(string what, Func<long, int, double> reference) =>
        AssertClose(what, reference, expected => 1e-5 * Math.Max(1, Math.Abs(expected)));

    public void Dispose() => _memory.Dispose();
}
