using VptDsl.Programs;

namespace VptDsl.Tests.Training;

/// <summary>A program that says what it has been told to, and learns nothing.</summary>
internal abstract class MeasuredProgram : ModelProgram
{
    public override void Infer()
    {
    }

    public override void Step() => throw new NotSupportedException();

    public override void Update(in OptimizerUpdate update) => throw new NotSupportedException();

    public override void ReadLosses(Span<float> losses) => throw new NotSupportedException();

    public override void Read(Slot source, Span<float> destination) => throw new NotSupportedException();

    public override void Write(Slot destination, ReadOnlySpan<float> source) => throw new NotSupportedException();

    public override void Dispose()
    {
    }
}
