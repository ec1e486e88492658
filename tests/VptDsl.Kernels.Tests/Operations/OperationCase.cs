using VptDsl.Compiler.Common;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Planning;

namespace VptDsl.Kernels.Tests.Operations;

/// <summary>One operation on operands of certain layouts.</summary>
/// <param name="Name">What the test is called.</param>
/// <param name="Call">The operation and the layouts.</param>
/// <param name="InPlace">Whether the first output takes the place of the input that it may take.</param>
internal sealed record OperationCase(string Name, Call Call, bool InPlace)
{
    /// <summary>Images.</summary>
    public int Batch { get; init; } = 3;

    /// <summary>
    /// Whether operands are whole numbers so large that their exponentials overflow; sums of their products are still exact.
    /// </summary>
    public bool IsLarge { get; init; }

    /// <summary>Whether every operand begins at a multiple of 16 bytes, and its kernel may count on that.</summary>
    public bool IsAligned { get; init; }

    public override string ToString() => Name;
}

/// <summary>Draws layouts: dense ones, and parts of larger matrices with floats of others between rows and between images.</summary>
internal sealed class LayoutDraw(Random random)
{
    /// <param name="name">The case's name.</param>
    /// <param name="operation">What is computed.</param>
    /// <param name="inputs">The shapes of its inputs.</param>
    /// <param name="wanted">Which outputs are asked for; all where left out.</param>
    /// <param name="inPlace">Whether the first output takes the place of the input that it may take.</param>
    public OperationCase Case(string name, Operation operation, Shape[] inputs, bool[]? wanted = null, bool inPlace = false)
    {
        Shape[] shapes = operation.InferShapes(inputs);
        return Case(name, operation, inputs, shapes.Select((s, i) => wanted is null || wanted[i] ? s : null).ToArray(), inPlace);
    }

    public OperationCase Case(string name, Operation operation, Shape[] inputs, Shape?[] outputs, bool inPlace = false)
    {
        Layout[] read = inputs.Select((s, i) => Draw(s, operation.InputNames[i])).ToArray();
        Layout?[] written = outputs.Select((s, i) => s is null ? null : Draw(s, operation.OutputNames[i])).ToArray();
        if (inPlace)
            written[0] = read[operation.InPlaceInput];
        var call = new Call(operation, read.ToEquatableArray(), written.Select(l => new OptionalLayout(l)).ToEquatableArray());
        return new(name, call, inPlace);
    }

    /// <remarks>What comes from or goes to the host is dense by contract.</remarks>
    private Layout Draw(Shape shape, string operand)
    {
        bool dense = random.Next(2) == 0 || operand is "images" or "labels" or "weights" or "softening" or "losses";
        long rowStride = shape.Columns + (dense ? 0 : random.Next(4));
        long imageStride = (shape.Rows * rowStride) + (dense ? 0 : random.Next(6));
        return new(shape.Batched, shape.Rows, shape.Columns, shape.Batched ? imageStride : 0, rowStride);
    }
}
