using System.Text;

namespace VptDsl.Compiler.Graph;

/// <summary>A kind of computation with its static attributes. One file each under Operations/.</summary>
/// <remarks>
/// Two operations are equal when they compute the same function of operands of the same shapes, so records are compared by value.
/// </remarks>
internal abstract record Operation
{
    /// <summary>The shapes of all outputs. Throws <see cref="GraphException"/> where the inputs do not fit.</summary>
    public abstract Shape[] InferShapes(IReadOnlyList<Shape> inputs);

    /// <summary>
    /// Adds the gradient computation of a node to the graph: for each input that needs one, its contribution.
    /// </summary>
    public virtual void Differentiate(GradientContext gradient) =>
        throw new GraphException($"{GetType().Name} has no gradient.");

    /// <summary>
    /// What stands for the first output where nothing is trained; null where that is the operation itself, as for most.
    /// </summary>
    /// <param name="builder">Takes what it is made of.</param>
    /// <param name="inputs">The operation's inputs.</param>
    /// <param name="name">The first output's name.</param>
    public virtual Value? AtInference(GraphBuilder builder, IReadOnlyList<Value> inputs, string name) => null;

    /// <summary>
    /// The inputs that are read row by row: output row r needs only row r of these, so fewer output rows need fewer input rows.
    /// </summary>
    public virtual bool IsRowwise(int input) => false;

    /// <summary>The rows of an input that some rows of its outputs need; null where they may need any.</summary>
    public virtual (int Start, int Count)? RowsRead(int input, int start, int count) => IsRowwise(input) ? (start, count) : null;

    /// <summary>
    /// Whether an input of the backward pass may be the rounding of what the forward pass computed: it is what the formula multiplies or
    /// moves, and not what another operand was computed from to the bit.
    /// </summary>
    public virtual bool TakesRounded(int input) => false;

    /// <summary>The input whose memory the first output may take over when nothing reads that input later; -1 for none.</summary>
    public virtual int InPlaceInput => -1;

    /// <summary>Whether its first output is the loss of each image, where gradients start.</summary>
    public virtual bool IsLoss => false;

    /// <summary>Multiply-adds counted as two operations, for one image where the result has a batch, in all where it has none.</summary>
    public virtual long FloatingPointOperations(IReadOnlyList<Shape> inputs, IReadOnlyList<Shape?> outputs) =>
        outputs.Where(o => o is not null).Sum(o => o!.Count);

    /// <summary>The attributes, in the order in which a routine takes them.</summary>
    public abstract IReadOnlyList<OperationAttribute> Attributes { get; }

    /// <summary>The CPU's routine for it.</summary>
    public virtual string Routine => GetType().Name;

    /// <summary>What that routine takes: inputs, then outputs, then attributes, where the operation does not say otherwise.</summary>
    /// <param name="inputs">The texts of the inputs.</param>
    /// <param name="outputs">The texts of the outputs; null for those that are not asked for.</param>
    public virtual IReadOnlyList<RoutineArgument> RoutineArguments(IReadOnlyList<string> inputs, IReadOnlyList<string?> outputs) =>
        [.. inputs, .. outputs, .. Attributes];

    /// <summary>What it computes, for people: an expression over the names of its inputs.</summary>
    /// <param name="inputs">The inputs' names.</param>
    /// <param name="shapes">The inputs' shapes.</param>
    public abstract string Formula(IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes);

    /// <summary>
    /// What a method that computes it for inputs of these shapes is called. Calls that differ in strides alone have the same name.
    /// </summary>
    public virtual string MethodName(IReadOnlyList<Shape> shapes) => GetType().Name + shapes[0].Dimensions;

    /// <summary>What a kernel is called that computes it for any number of rows.</summary>
    public virtual string KernelName(IReadOnlyList<Shape> shapes) => MethodName(shapes);

    /// <summary>What each input is called in emitted code.</summary>
    public abstract IReadOnlyList<string> InputNames { get; }

    /// <summary>What each output is called in emitted code.</summary>
    public abstract IReadOnlyList<string> OutputNames { get; }

    /// <summary>Keeps what every operation has out of its text.</summary>
    protected virtual bool PrintMembers(StringBuilder builder) => false;

    /// <summary>The message is put together only when it is needed: shapes are checked at every step of every pass.</summary>
    protected static void Require(bool condition, FormattableString message)
    {
        if (!condition)
            throw new GraphException(FormattableString.Invariant(message));
    }
}

/// <summary>A graph that was put together wrongly: an error of the compiler, never of the declaration.</summary>
internal sealed class GraphException(string message) : InvalidOperationException(message);
