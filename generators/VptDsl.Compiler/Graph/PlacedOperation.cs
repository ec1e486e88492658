namespace VptDsl.Compiler.Graph;

/// <summary>
/// An operation that the plan makes a place in memory: inputs lie there, views are part of what they view, and what is put side by side
/// is written where it ends up. Nothing computes it.
/// </summary>
internal abstract record PlacedOperation : Operation
{
    public sealed override IReadOnlyList<OperationAttribute> Attributes => [];

    public sealed override long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) => 0;

    public sealed override string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes) =>
        throw new GraphException($"{GetType().Name} is a place in memory: no step computes it.");
}
