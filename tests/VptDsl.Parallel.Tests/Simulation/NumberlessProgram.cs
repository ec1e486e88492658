using VptDsl.Programs;

namespace VptDsl.Parallel.Tests.Simulation;

/// <summary>A program that computes nothing, for runs of which only the time counts.</summary>
internal sealed class NumberlessProgram : ModelProgram
{
    public override ModelDescription Model { get; } = new()
    {
        Name = "Numberless",
        Declaration = "nothing",
        Channels = 1,
        ImageSize = 1,
        Classes = 2,
        Parameters = [],
    };

    public override void SetBatch(ReadOnlySpan<float> images, ReadOnlySpan<int> labels)
    {
    }

    public override void Step()
    {
    }

    public override void Infer()
    {
    }

    public override void Update(in OptimizerUpdate update)
    {
    }

    public override void ReadLogits(Span<float> logits)
    {
    }

    public override void ReadLosses(Span<float> losses)
    {
    }

    public override void Read(Slot source, Span<float> destination)
    {
    }

    public override void Write(Slot destination, ReadOnlySpan<float> source)
    {
    }

    public override void Dispose()
    {
    }
}
