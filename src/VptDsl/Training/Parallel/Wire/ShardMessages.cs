using VptDsl.Programs;
using VptDsl.Training.Checkpoints;

namespace VptDsl.Training.Parallel.Wire;

/// <summary>Orders, results and ends as payloads, for a model and a run of known sizes.</summary>
/// <param name="model">The model.</param>
/// <param name="classes">The classes of its task.</param>
/// <param name="run">The run.</param>
internal sealed class ShardMessages(ModelDescription model, int classes, RunSizes run)
{
    private const int ShardBytes = 4, ScoreBytes = 16, ConfusionBytes = 16, FixedBytes = 64;

    // Of the reports of all epochs, as text.
    private const int LargestText = 64 << 20;

    private readonly long _valueBytes = sizeof(float) * (model.TrainedFloats + model.MeasuredFloats);
    private readonly bool _isOfPixels = model.IsOfPixels;

    /// <summary>Checks that a message can hold the model's values.</summary>
    /// <exception cref="ArgumentException">It cannot.</exception>
    public void RequireRoom()
    {
        if (Math.Max(LargestOrder, Math.Max(LargestResult, LargestEnd)) > Array.MaxLength)
        {
            throw new ArgumentException(
                $"{model.Name} trains {model.TrainedFloats} parameters, more than workers in other processes can be sent at a time: "
                + "train less of it, or leave FitOptions.Workers out.");
        }
    }

    /// <summary>The most bytes of an order.</summary>
    public long LargestOrder => FixedBytes + _valueBytes
        + (ShardBytes * (long)Math.Max(run.ShardsPerStep, run.ValidationBatches));

    /// <summary>The most bytes of a result.</summary>
    public long LargestResult => FixedBytes + ((long)ScoreBytes * run.LargestShard) + _valueBytes
        + (_isOfPixels ? ConfusionBytes * Math.Min((long)classes * classes, (long)run.LargestShard * model.LabelsPerImage) : 0);

    /// <summary>The most bytes of an end.</summary>
    public long LargestEnd => FixedBytes + LargestText + _valueBytes;

    /// <summary>Writes an order, with its values unless the worker has them.</summary>
    public static void WriteOrder(PayloadWriter writer, ShardOrder order, bool withValues)
    {
        writer.Write(order.Round);
        writer.Write((byte)order.Kind);
        writer.Write(order.Epoch);
        writer.Write(order.Step);
        writer.Write(order.Values.Number);
        writer.Write(order.Shards.Length);
        foreach (int shard in order.Shards)
            writer.Write(shard);
        writer.Write((byte)(withValues ? 1 : 0));
        if (withValues)
            WriteValues(writer, order.Values);
    }

    /// <summary>Reads an order.</summary>
    /// <param name="payload">What came.</param>
    /// <param name="values">The values that the worker has; replaced where the order has others.</param>
    public ShardOrder ReadOrder(ReadOnlyMemory<byte> payload, ModelValues values)
    {
        var reader = new PayloadReader(payload);
        long round = reader.ReadLong();
        var kind = (ShardKind)reader.ReadByte();
        int epoch = reader.ReadInt(), step = reader.ReadInt();
        long number = reader.ReadLong();
        int[] shards = new int[reader.ReadCount(ShardBytes)];
        foreach (ref int shard in shards.AsSpan())
            shard = reader.ReadInt();
        bool isTraining = kind == ShardKind.Train;
        int most = isTraining ? run.ShardsPerStep : run.ValidationBatches;
        if (kind > ShardKind.Measure || (uint)epoch >= (uint)run.Epochs || (uint)step >= (uint)run.StepsPerEpoch
            || shards.Any(shard => (uint)shard >= (uint)most))
        {
            throw new InvalidDataException("an order is for something that the run does not have");
        }

        if (reader.ReadByte() != 0)
        {
            ReadValues(ref reader, values);
            values.Number = number;
        }

        reader.End();
        return values.Number == number
            ? new ShardOrder(round, kind, epoch, step, shards, values)
            : throw new InvalidDataException("an order came without the values that it is for");
    }

    /// <summary>Writes a result.</summary>
    public static void WriteResult(PayloadWriter writer, ShardKind kind, ShardResult result)
    {
        writer.Write(result.Shard);
        writer.Write(result.Counting);
        writer.Write(result.Scores.Count);
        foreach (ImageScore score in result.Scores)
        {
            writer.Write(score.Loss);
            writer.Write(score.Correct);
        }

        writer.Write(result.Confusion.Count);
        foreach (ConfusedPair count in result.Confusion)
        {
            writer.Write(count.Actual);
            writer.Write(count.Predicted);
            writer.Write(count.Count);
        }

        if (kind != ShardKind.Train)
            return;
        writer.Write(result.Gradients);
        writer.Write(result.Measured);
    }

    /// <summary>Reads the result of the shard that comes next.</summary>
    public void ReadResult(ReadOnlyMemory<byte> payload, ShardKind kind, ShardResult result)
    {
        var reader = new PayloadReader(payload);
        if (reader.ReadInt() != result.Shard)
            throw new InvalidDataException("a result is for a shard that was not asked for");
        result.Counting = reader.ReadFloat();
        int images = reader.ReadCount(ScoreBytes);
        for (int i = 0; i < images; i++)
            result.Scores.Add(new ImageScore(reader.ReadDouble(), reader.ReadDouble()));
        int pairs = reader.ReadCount(ConfusionBytes);
        for (int i = 0; i < pairs; i++)
        {
            var count = new ConfusedPair(reader.ReadInt(), reader.ReadInt(), reader.ReadLong());
            if ((uint)count.Actual >= (uint)classes || (uint)count.Predicted >= (uint)classes || count.Count < 0)
                throw new InvalidDataException("a result has classes that the task does not have");
            result.Confusion.Add(count);
        }

        if (kind == ShardKind.Train)
        {
            result.Reserve(model);
            reader.ReadFloats(result.Gradients);
            reader.ReadFloats(result.Measured);
        }

        reader.End();
    }

    /// <summary>Writes a run's end.</summary>
    public static void WriteEnd(PayloadWriter writer, RunEnd end)
    {
        writer.Write(end.Error ?? "");
        if (end.Error is not null)
            return;
        writer.Write(end.BestEpoch);
        writer.Write(RunStateJson.Write(end.State));
        WriteValues(writer, end.Values!);
    }

    /// <summary>Reads a run's end.</summary>
    /// <param name="payload">What came.</param>
    /// <param name="values">Memory for the result.</param>
    public RunEnd ReadEnd(ReadOnlyMemory<byte> payload, ModelValues values)
    {
        var reader = new PayloadReader(payload);
        string error = reader.ReadText();
        if (error.Length > 0)
        {
            reader.End();
            return new RunEnd(error, new RunState(), BestEpoch: 0);
        }

        int bestEpoch = reader.ReadInt();
        RunState? read = RunStateJson.Read(reader.ReadText(), run.Epochs, run.StepsPerEpoch);
        RunState state = read is { IsFinished: true, Reports.Length: > 0 } found && bestEpoch >= 0 && bestEpoch <= found.Reports.Length
            ? found
            : throw new InvalidDataException("a run's end does not say how it ended");
        ReadValues(ref reader, values);
        reader.End();
        return new RunEnd(null, state, bestEpoch, values);
    }

    private static void WriteValues(PayloadWriter writer, ModelValues values)
    {
        writer.Write(values.Trained);
        writer.Write(values.Measured);
    }

    private static void ReadValues(ref PayloadReader reader, ModelValues values)
    {
        reader.ReadFloats(values.Trained);
        reader.ReadFloats(values.Measured);
    }
}
