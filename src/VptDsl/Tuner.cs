using VptDsl.Programs;

namespace VptDsl;

/// <summary>A declared model on a device, ready to be tuned and used. The source generator makes the annotated class derive from it.</summary>
public abstract class Tuner
{
    /// <summary>Wraps a compiled program.</summary>
    protected Tuner(ModelProgram program) => Program = program;

    /// <summary>The compiled program.</summary>
    internal ModelProgram Program { get; }
}
