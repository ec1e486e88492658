using VptDsl.Compiler.Graph;

namespace VptDsl.Testing.Interpretation;

/// <summary>The elements of a value: a matrix for each image, or one matrix that is the same for every image.</summary>
internal sealed class BatchMatrix(Shape shape, int batch, double[] elements)
{
    // Every image reads the same matrix where there is no batch.
    private readonly int _elementsOfImage = shape.Batched ? shape.Rows * shape.Columns : 0;

    public BatchMatrix(Shape shape, int batch)
        : this(shape, batch, new double[shape.Count * (shape.Batched ? batch : 1)])
    {
    }

    public Shape Shape { get; } = shape;

    /// <summary>How many matrices there are: 1 where there is no batch.</summary>
    public int Images { get; } = shape.Batched ? batch : 1;

    /// <summary>All matrices one after the other, each row by row.</summary>
    public double[] Elements { get; } = Checked(shape, batch, elements);

    public int Rows { get; } = shape.Rows;

    public int Columns { get; } = shape.Columns;

    /// <summary>One element; where there is no batch, every image reads and writes the same one.</summary>
    public double this[int image, int row, int column]
    {
        get => Elements[Offset(image, row, column)];
        set => Elements[Offset(image, row, column)] = value;
    }

    /// <summary>Sets each element from its image, row and column.</summary>
    public void Fill(Func<int, int, int, double> element) =>
        ForEach((image, row, column) => this[image, row, column] = element(image, row, column));

    /// <summary>Visits each element by its image, row and column.</summary>
    public void ForEach(Action<int, int, int> visit)
    {
        for (int image = 0; image < Images; image++)
        {
            for (int row = 0; row < Rows; row++)
            {
                for (int column = 0; column < Columns; column++)
                    visit(image, row, column);
            }
        }
    }

    private static double[] Checked(Shape shape, int batch, double[] elements)
    {
        long expected = shape.Count * (shape.Batched ? batch : 1);
        return elements.Length == expected
            ? elements
            : throw new ArgumentException($"{shape} with a batch of {batch} has {expected} elements, not {elements.Length}.");
    }

    private int Offset(int image, int row, int column) => (image * _elementsOfImage) + (row * Columns) + column;
}
