namespace VptDsl;

/// <summary>
/// Trades time for memory: each layer's MLP activations are computed again in the backward pass instead of being kept from the forward
/// pass. The results are the same.
/// </summary>
/// <remarks>
/// One product of four in a layer runs twice: a training step takes about a sixth longer, and needs about two fifths less memory for
/// each image. <c>StepBytes</c> and <c>Explanation</c> of the generated class say how much.
/// </remarks>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class RecomputeAttribute : Attribute;
