namespace VptDsl;

/// <summary>
/// Trains the backbone as well as the head and any prompts: full fine-tuning (the paper's "Full"), or pre-training from scratch.
/// </summary>
/// <remarks>Without it, and without its smaller sisters, the backbone is frozen and only the prompts and the head are trained.</remarks>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class TrainEverythingAttribute : Attribute;
