using VptDsl.Programs;

namespace VptDsl.Tests.Training;

/// <summary>
/// Does as well on a set as a script says: after n updates it classifies script[n - 1] of the images right. Its one parameter is n.
/// </summary>
internal sealed class ScriptedProgram(params int[] script) : ModelProgram
{
    private readonly float[] _logits = new float[2 * 64];
    private int _batch;

    public override ModelDescription Model { get; } = new()
    {
        Name = "Scripted",
        Declaration = "script",
        Channels = 1,
        ImageSize = 1,
        Classes = 2,
        Parameters = [new("updates", [1], ParameterKind.Head, true, 0, new(Distribution.Constant, 0))],
    };

    /// <summary>The one trained parameter: how many updates were made.</summary>
    public float Updates { get; private set; }

    /// <summary>An image's only pixel is its index; its label is 0.</summary>
    public override void SetBatch(ReadOnlySpan<float> images, ReadOnlySpan<int> labels)
    {
        _batch = labels.Length;
        for (int i = 0; i < _batch; i++)
        {
            int right = Updates == 0 ? 0 : script[(int)Updates - 1];
            _logits[2 * i] = images[i] < right ? 1 : -1;
            _logits[(2 * i) + 1] = 0;
        }
    }

    public override void Step()
    {
    }

    public override void Infer()
    {
    }

    public override void Update(in OptimizerUpdate update) => Updates++;

    public override void ReadLogits(Span<float> logits) => _logits.AsSpan(0, 2 * _batch).CopyTo(logits);

    public override void ReadLosses(Span<float> losses) => losses.Fill(0.5f);

    public override void Read(Slot source, Span<float> destination) => destination[0] = Updates;

    public override void Write(Slot destination, ReadOnlySpan<float> source)
    {
        if (destination.Region == Region.Trained)
            Updates = source[0];
    }

    public override void Dispose()
    {
    }
}
