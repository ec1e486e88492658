using VptDsl.Compiler.Common;
using VptDsl.Compiler.Graph;
using VptDsl.Programs;

namespace VptDsl.Compiler.Planning;

/// <summary>A program ready to be written down: its steps in order, and where everything lies.</summary>
/// <param name="Prepare">The steps that depend on no image: at inference they run once for a task.</param>
/// <param name="Steps">The steps of each batch.</param>
/// <param name="Logits">Where the logits are, [batch, classes], if it computes them.</param>
/// <param name="Losses">Where the losses are, [batch], if it computes them.</param>
/// <param name="Correct">Where the shares of right labels are, [batch], if it computes them.</param>
/// <param name="SharedFloats">Arena floats that do not grow with the batch.</param>
/// <param name="FloatsPerImage">Arena floats for each image of the batch.</param>
internal sealed record ProgramPlan(
    IReadOnlyList<Step> Prepare,
    IReadOnlyList<Step> Steps,
    Address? Logits,
    Address? Losses,
    Address? Correct,
    long SharedFloats,
    long FloatsPerImage)
{
    /// <summary>Where what <see cref="Steps"/> read and no image changes lies once <see cref="Prepare"/> has run.</summary>
    public required IReadOnlyDictionary<Value, PreparedPlace> Prepared { get; init; }
}

/// <summary>The place of a matrix that is there before the images are.</summary>
/// <param name="Address">Its first element.</param>
/// <param name="RowStride">Floats from row to row.</param>
internal sealed record PreparedPlace(Address Address, long RowStride);

/// <summary>One step: a call on operands at their places.</summary>
/// <param name="Call">What is called.</param>
/// <param name="Operands">The places, in the order of <see cref="Call.Operands"/>.</param>
/// <param name="Scope">Which part of the model it belongs to.</param>
internal sealed record Step(Call Call, EquatableArray<Operand> Operands, Scope Scope);

/// <summary>An operand at its place.</summary>
/// <param name="Name">What the value is, without its layer.</param>
/// <param name="Value">The value's number in the graph: operands of one value share a variable.</param>
/// <param name="Address">Its place.</param>
/// <param name="Shape">Its shape.</param>
internal sealed record Operand(string Name, int Value, Address Address, Shape Shape)
{
    /// <summary>
    /// Whether each task has its own in inference: what is trained or measured, and what was computed from that beforehand.
    /// </summary>
    public bool IsOfTask => Address.Region switch
    {
        Region.Trained or Region.Statistics => true,
        Region.Arena => !Shape.Batched,
        _ => false,
    };
}
