using VptDsl.Programs;

namespace VptDsl.Devices.Cpu;

/// <summary>The frozen weights of a program that stay packed, since steps of few images would spend much of their time on it.</summary>
internal sealed class PackedWeights : IDisposable
{
    // Packing takes a quarter of a product of 200 rows, and a twentieth of one of 1,600: not worth a second copy of the weights.
    private const int MostImages = 2;
    private const long MostRows = 512;

    /// <summary>Larger steps in a row after which small ones are the exception, as the last batch of an epoch is.</summary>
    private const int LargerSteps = 16;

    private readonly Dictionary<(MatrixOperand Weight, ProductLayout Layout), PackedOperand> _operands = [];

    private int _larger;

    /// <summary>How many operands stay packed.</summary>
    public int Count => _operands.Count;

    /// <summary>A step begins: after enough larger ones, what small ones have packed is forgotten.</summary>
    /// <param name="images">Its images.</param>
    public void Begin(int images)
    {
        _larger = images > MostImages ? _larger + 1 : 0;
        if (_larger == LargerSteps)
            Clear();
    }

    /// <summary>A product's right operand, packed or to be packed; null where it is to be packed for this call alone.</summary>
    /// <param name="weight">The operand.</param>
    /// <param name="layout">The product's layout.</param>
    /// <param name="images">Images of the step.</param>
    /// <param name="m">Rows of the product.</param>
    /// <param name="n">Its columns.</param>
    /// <param name="k">The length of its sums.</param>
    public PackedOperand? Of(in MatrixOperand weight, ProductLayout layout, int images, long m, int n, long k)
    {
        if (weight.Slot.Region != Region.Weights || weight.IsBatched || layout == ProductLayout.TN)
            return null;
        if (!_operands.TryGetValue((weight, layout), out PackedOperand? operand) && images <= MostImages && m <= MostRows)
        {
            operand = TryTake(n, k, weight.InPairs);
            if (operand is not null)
                _operands.Add((weight, layout), operand);
        }

        return operand;
    }

    /// <summary>Forgets all, as when weights were written.</summary>
    public void Clear()
    {
        foreach (PackedOperand operand in _operands.Values)
            operand.Dispose();
        _operands.Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    /// <summary>Memory for an operand; null where there is none left, for a step is only slower without.</summary>
    private static PackedOperand? TryTake(int n, long k, bool inPairs)
    {
        try
        {
            return new PackedOperand(n, k, inPairs);
        }
        catch (InsufficientMemoryException)
        {
            return null;
        }
    }
}
