using System.Globalization;
using VptDsl.Data;

namespace VptDsl.Programs;

/// <summary>The part of a generated program that is the same for all: batches, memory, and which pass has run.</summary>
public abstract class CompiledProgram : ModelProgram
{
    // Dropout's purpose among all uses of a run's seed.
    private const long NoiseKey = 0x4E6F697365;
    private const int NumbersOfPlace = 2, NumberBits = 24;

    private readonly IProgramDevice _device;
    private readonly ProgramLayout _layout;
    private readonly long _trainedFloats;
    private readonly float[] _noise;
    private readonly HashSet<TaskMemory> _tasks = [];
    private float[] _labels = [];
    private float[] _imageWeights = [];
    private float[] _softening = [];
    private bool _softens;
    private float[] _allLogits = [];
    private long _arenaFloats;
    private int _stagedFloats;
    private bool _isFolded;
    private bool _isEncoded;
    private bool _cameAsFeatures;
    private bool _isPrepared;
    private int _weights = 1;
    private Slot _logits;
    private int _logitColumns;
    private bool _disposed;

    /// <summary>Reserves the parameters' memory.</summary>
    protected CompiledProgram(IProgramDevice device, ModelDescription model, ProgramLayout layout)
    {
        _device = device;
        _layout = layout;
        Model = model;
        _trainedFloats = model.TrainedFloats;
        _logitColumns = model.Classes;
        _noise = new float[NumbersOfPlace * layout.NoisyPlaces];
        using DeviceTurn turn = TakeTurn();
        try
        {
            device.Reserve(Region.Weights, model.FrozenFloats);
            device.Reserve(Region.Trained, _trainedFloats);
            device.Reserve(Region.Statistics, model.MeasuredFloats);
            device.Reserve(Region.Noise, _noise.Length);
            if (device.UnpackedFloats > 0)
                device.Reserve(Region.Unpacked, device.UnpackedFloats);
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override ModelDescription Model { get; }

    /// <summary>What computes, for those who look on.</summary>
    internal IProgramDevice Computing => _device;

    /// <inheritdoc/>
    internal override Device Device => _device.Device;

    /// <summary>The number of images in the batch.</summary>
    protected int Batch => _device.Batch;

    /// <inheritdoc/>
    public override int FeatureFloats => _layout.FeatureFloats;

    /// <inheritdoc/>
    public sealed override DeviceTurn TakeTurn()
    {
        var turn = new DeviceTurn(_device.Device.Gate, this);
        if (!_disposed)
            return turn;
        turn.Dispose();
        throw new ObjectDisposedException(Model.Name);
    }

    /// <inheritdoc/>
    public override void SetBatch(ReadOnlySpan<float> images, ReadOnlySpan<int> labels)
    {
        using DeviceTurn turn = TakeTurn();
        CheckLength(images.Length, labels.Length, Model.ImageFloats);
        SetLabels(labels);
        _device.Reserve(Region.Inputs, images.Length);
        _device.Write(Inputs, images);
        _cameAsFeatures = false;
        _isEncoded = FeatureFloats == 0;
    }

    /// <inheritdoc/>
    public override bool CanStage => _device.CanStage;

    /// <inheritdoc/>
    public override void Stage(ReadOnlySpan<float> images)
    {
        using DeviceTurn turn = TakeTurn();
        if (images.IsEmpty || images.Length % Model.ImageFloats != 0)
        {
            throw new ArgumentException(
                $"{Model.Name} takes {Model.ImageFloats} floats for each image; {images.Length} floats came.", nameof(images));
        }

        _device.Stage(images);
        _stagedFloats = images.Length;
    }

    /// <inheritdoc/>
    public override void SetStaged(ReadOnlySpan<int> labels)
    {
        using DeviceTurn turn = TakeTurn();
        CheckLength(_stagedFloats, labels.Length, Model.ImageFloats);
        SetLabels(labels);
        _device.TakeStaged();
        _stagedFloats = 0;
        _cameAsFeatures = false;
        _isEncoded = FeatureFloats == 0;
    }

    /// <inheritdoc/>
    public override void SetFeatures(ReadOnlySpan<float> features, ReadOnlySpan<int> labels)
    {
        using DeviceTurn turn = TakeTurn();
        if (FeatureFloats == 0)
            throw new InvalidOperationException($"{Model.Name} has no features: something trained comes before all its layers.");
        CheckLength(features.Length, labels.Length, FeatureFloats);
        SetLabels(labels);
        _device.Reserve(Region.Features, features.Length);
        _device.Write(Features, features);
        _cameAsFeatures = true;
        _isEncoded = true;
    }

    /// <inheritdoc/>
    public override void ReadFeatures(Span<float> features)
    {
        using DeviceTurn turn = TakeTurn();
        Encode();
        _device.Read(Features, features);
    }

    private void CheckLength(int floats, int batch, int each)
    {
        int perImage = LabelsOfImage;
        if (batch == 0 || batch % perImage != 0 || floats != (long)batch / perImage * each)
        {
            throw new ArgumentException(
                $"{Model.Name} takes {each} floats and {perImage} label(s) for each image; {floats} floats came with {batch} labels.");
        }
    }

    private void SetLabels(ReadOnlySpan<int> labels)
    {
        if (Model.IsMultiLabel)
        {
            SetClasses(labels);
            return;
        }

        int count = labels.Length, perImage = Model.LabelsPerImage;
        if (_labels.Length < count)
            (_labels, _imageWeights) = (new float[count], new float[count / perImage]);
        for (int i = 0; i < count; i++)
        {
            if ((uint)labels[i] >= (uint)TaskClasses && labels[i] != Model.IgnoredLabel)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(labels),
                    labels[i],
                    $"The task of {Model.Name} has classes 0 to {TaskClasses - 1}; image {i / perImage} of the batch has another label.");
            }

            _labels[i] = labels[i];
        }

        int batch = count / perImage;
        ReadOnlySpan<float> weights = ClassWeights.Span;
        float share = SoftTargets.OtherShare;
        for (int i = 0; i < batch; i++)
        {
            float weight = weights.IsEmpty ? 1 : weights[labels[i]];
            _imageWeights[i] = weights.IsEmpty || share == 0 ? weight : weight + (share * (weights[labels[^(i + 1)]] - weight));
        }

        WriteLabels(batch, count);
        if (perImage == 1)
            Soften(labels);
    }

    /// <summary>
    /// Says which classes each image has. Those that the task does not have are told right by themselves and add nothing; an image's loss
    /// is the mean over the others.
    /// </summary>
    private void SetClasses(ReadOnlySpan<int> labels)
    {
        int classes = TaskClasses, room = Model.Classes, batch = labels.Length / classes, count = checked(batch * room);
        if (_labels.Length < count)
            (_labels, _imageWeights) = (new float[count], new float[batch]);
        // timm's: what smoothing takes from a class goes to all of them alike.
        float each = SoftTargets.Smoothing / classes, kept = 1 - SoftTargets.Smoothing + each;
        for (int i = 0; i < batch; i++)
        {
            Span<float> row = _labels.AsSpan(i * room, room);
            row[classes..].Clear();
            for (int label = 0; label < classes; label++)
            {
                row[label] = labels[(i * classes) + label] switch
                {
                    1 => kept,
                    0 => each,
                    var other => throw new ArgumentOutOfRangeException(
                        nameof(labels), other,
                        $"An image of {Model.Name} has a class (1) or not (0); image {i} of the batch has neither for class {label}."),
                };
            }

            _imageWeights[i] = 1f / classes;
        }

        WriteLabels(batch, count);
    }

    private void WriteLabels(int batch, int count)
    {
        _device.Batch = batch;
        _device.Reserve(Region.Labels, count);
        _device.Write(Labels, _labels.AsSpan(0, count));
        _device.Reserve(Region.ImageWeights, batch);
        _device.Write(ImageWeights, _imageWeights.AsSpan(0, batch));
    }

    /// <summary>Says how targets differ from labels: not at all, as long as nobody asked for it, for new memory is zero.</summary>
    private void Soften(ReadOnlySpan<int> labels)
    {
        const int numbers = SofteningLayout.Columns;
        _device.Reserve(Region.Softening, (long)labels.Length * numbers);
        _softens |= !SoftTargets.AreHard;
        if (!_softens)
            return;
        if (_softening.Length < labels.Length * numbers)
            _softening = new float[labels.Length * numbers];
        for (int i = 0; i < labels.Length; i++)
        {
            ReadOnlySpan<float> softening = [labels[^(i + 1)], SoftTargets.OtherShare, SoftTargets.Smoothing, TaskClasses];
            softening.CopyTo(_softening.AsSpan(i * numbers));
        }

        _device.Write(Softening, _softening.AsSpan(0, labels.Length * numbers));
    }

    /// <inheritdoc/>
    public override void DrawNoise(long seed, int number, int piece = 0)
    {
        if (_noise.Length == 0)
            return;
        RandomStream stream = piece == 0 ? new(seed, NoiseKey, number) : new(seed, NoiseKey, number, piece);
        for (int i = 0; i < _noise.Length; i++)
            _noise[i] = stream.NextInt(1 << NumberBits);
        using DeviceTurn turn = TakeTurn();
        _device.Write(Noise(0), _noise);
    }

    /// <inheritdoc/>
    public override void Step()
    {
        using DeviceTurn turn = TakeTurn();
        Encode();
        _device.Reserve(Region.Gradients, _trainedFloats);
        ReserveArena(_layout.Training);
        _isPrepared = false;
        TrainBatch();
        (_logits, _logitColumns) = (At(_layout.TrainingLogits), TaskClasses);
    }

    /// <inheritdoc/>
    public override void Infer()
    {
        using DeviceTurn turn = TakeTurn();
        try
        {
            Encode();
            PrepareInference();
            _device.Reserve(Region.Embeddings, (long)Batch * EmbeddingFloats);
            InferBatch();
        }
        finally
        {
            // An operation that has failed left off in the midst of its tasks.
            _device.UseTask(null);
        }

        (_logits, _logitColumns) = (At(_layout.InferenceLogits), TaskClasses);
    }

    /// <inheritdoc/>
    internal override void PrepareInference()
    {
        using DeviceTurn turn = TakeTurn();
        Fold();
        ReserveArena(_layout.Inference);
        if (!_isPrepared)
            PrepareTask();
        _isPrepared = true;
    }

    /// <inheritdoc/>
    public override TaskMemory AddTask()
    {
        using DeviceTurn turn = TakeTurn();
        TaskMemory task = _device.AllocateTask(_trainedFloats, Model.MeasuredFloats);
        _tasks.Add(task);
        return task;
    }

    /// <inheritdoc/>
    public override void RemoveTask(TaskMemory task)
    {
        ArgumentNullException.ThrowIfNull(task);

        // It may have gone with the program.
        using var turn = new DeviceTurn(_device.Device.Gate, this);
        if (_tasks.Remove(task))
            task.Dispose();
    }

    /// <inheritdoc/>
    public override void WriteTask(TaskMemory task, Slot destination, ReadOnlySpan<float> source)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (destination.Region is not (Region.Trained or Region.Statistics))
            throw new ArgumentException($"A task has no {destination.Region} of its own.", nameof(destination));
        using DeviceTurn turn = TakeTurn();
        task.PreparedFrom = 0;
        _device.UseTask(task);
        try
        {
            _device.Write(destination, source);
        }
        finally
        {
            _device.UseTask(null);
        }
    }

    /// <inheritdoc/>
    public override void InferTasks(ReadOnlySpan<TaskImages> tasks)
    {
        using DeviceTurn turn = TakeTurn();
        int images = 0;
        foreach (TaskImages part in tasks)
        {
            if (part.Images < 1)
                throw new ArgumentException("A task of a batch has at least one image.", nameof(tasks));
            images += part.Images;
        }

        if (images != Batch)
            throw new ArgumentException($"The batch has {Batch} images, and {images} belong to a task.", nameof(tasks));
        Encode();
        ArenaSize arena = _layout.Mixed ?? _layout.Inference;
        ReserveArena(arena);
        // A program of its own lays the arena out in its own way, over what the model's own task has there.
        _isPrepared &= _layout.Mixed is null;
        foreach (TaskImages part in tasks)
            Prepare(part.Task, arena.Shared);
        _device.Reserve(Region.Embeddings, (long)Batch * EmbeddingFloats);
        _device.SetTasks(tasks);
        try
        {
            InferMixed();
        }
        finally
        {
            _device.SetTasks([]);
        }

        (_logits, _logitColumns) = (At(_layout.MixedLogits ?? _layout.InferenceLogits), Model.Classes);
    }

    /// <inheritdoc/>
    public override void Update(in OptimizerUpdate update)
    {
        using DeviceTurn turn = TakeTurn();
        _isPrepared = false;
        _device.Reserve(Region.FirstMoments, _trainedFloats);
        if (update.Kind == OptimizerKind.AdamW)
            _device.Reserve(Region.SecondMoments, _trainedFloats);
        long decayed = update.Decayed switch
        {
            // What keeps classes out that the task does not have must stay: it lies behind the bias of those that it has.
            DecayedParameters.All => _layout.HeadBias + TaskClasses,
            DecayedParameters.AllButHeadBias => _layout.HeadBias,
            _ => _layout.FirstBias,
        };
        if (update.Rates.IsEmpty)
            _device.Update(0, _trainedFloats, decayed, update);
        foreach (RateRun run in update.Rates.Span)
        {
            _device.Update(
                run.Offset, run.Count, Math.Clamp(decayed - run.Offset, 0, run.Count),
                update with { LearningRate = update.LearningRate * run.Scale });
        }
    }

    /// <inheritdoc/>
    public override void Combine(Region target, float keep, Region source, float add)
    {
        using DeviceTurn turn = TakeTurn();
        _isPrepared &= target is not (Region.Trained or Region.Statistics);
        ReserveLike(target);
        ReserveLike(source);
        _device.Combine(target, keep, source, add, LikeStatistics(target) ? Model.MeasuredFloats : _trainedFloats);
    }

    /// <inheritdoc/>
    public override double SumOfSquaredGradients()
    {
        using DeviceTurn turn = TakeTurn();
        ReserveLike(Region.Gradients);
        return _device.SumOfSquares(Region.Gradients, _trainedFloats);
    }

    /// <inheritdoc/>
    public override void ReadLogits(Span<float> logits) => ReadTaskLogits(_logits, logits);

    /// <inheritdoc/>
    public override void ReadLogits(int image, Span<float> logits) =>
        ReadTaskLogits(_logits with { Offset = _logits.Offset + ((long)image * Model.LabelsPerImage * Model.Classes) }, logits);

    /// <inheritdoc/>
    public override void ReadCorrect(Span<float> correct)
    {
        using DeviceTurn turn = TakeTurn();
        if (_layout.TrainingCorrect is { } place)
            _device.Read(At(place), correct);
        else
            base.ReadCorrect(correct);
    }

    /// <inheritdoc/>
    public override int EmbeddingFloats => _layout.EmbeddingFloats;

    /// <inheritdoc/>
    public override void ReadEmbeddings(Span<float> embeddings) => ReadPlace(Embeddings, embeddings);

    /// <inheritdoc/>
    public override void ReadLosses(Span<float> losses) => ReadPlace(At(_layout.TrainingLosses), losses);

    /// <inheritdoc/>
    public override void Read(Slot source, Span<float> destination)
    {
        using DeviceTurn turn = TakeTurn();
        ReserveLike(source.Region);
        _device.Read(source, destination);
    }

    /// <inheritdoc/>
    public override void Write(Slot destination, ReadOnlySpan<float> source)
    {
        using DeviceTurn turn = TakeTurn();
        ReserveLike(destination.Region);
        _isPrepared = false;
        _isEncoded &= FeatureFloats == 0 || destination.Region != Region.Weights;
        _isFolded &= destination.Region != Region.Weights;
        _weights += destination.Region == Region.Weights ? 1 : 0;
        _device.Write(destination, source);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        using (new DeviceTurn(_device.Device.Gate, this))
        {
            if (!_disposed)
            {
                foreach (TaskMemory task in _tasks)
                    task.Dispose();
                _tasks.Clear();
                _device.Dispose();
            }

            _disposed = true;
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Computes what depends on frozen parameters alone, where anything does.</summary>
    protected virtual void FoldWeights()
    {
    }

    /// <summary>Runs the frozen layers on the batch's images, where the model has features.</summary>
    protected virtual void EncodeBatch() => throw new InvalidOperationException($"{Model.Name} has no features.");

    /// <summary>Runs the forward and backward passes on the batch.</summary>
    protected abstract void TrainBatch();

    /// <summary>Computes what inference needs and no image changes.</summary>
    protected abstract void PrepareTask();

    /// <summary>Runs the forward pass on the batch.</summary>
    protected abstract void InferBatch();

    /// <summary>Computes what <see cref="InferMixed"/> needs of a task and no image changes.</summary>
    protected virtual void PrepareMixed() => PrepareTask();

    /// <summary>Runs the forward pass on a batch of several tasks' images.</summary>
    protected virtual void InferMixed() => InferBatch();

    /// <summary>The error for a device that generated code does not know.</summary>
    protected static Exception UnknownDevice(Device? device) => device is null
        ? new ArgumentNullException(nameof(device), "There is no device to run on: use Device.Auto() or another factory of Device.")
        : new ArgumentException(
            $"{device.GetType().Name} is no device of VptDsl: use Device.Auto() or another factory of Device.", nameof(device));

    /// <summary>The error for a GPU in a build that has no kernels.</summary>
    protected static Exception WithoutKernels(Device device) => new DeviceUnavailableException(
        $"{device.Name} cannot run this model: it was built without GPU kernels. Use Device.Cpu(), "
        + "or take the build property VptDslGpuKernels out of the project.");

    /// <summary>A place in <see cref="Region.Weights"/>.</summary>
    protected static Slot Weights(long offset) => new(Region.Weights, offset);

    /// <summary>A place in <see cref="Region.Trained"/>.</summary>
    protected static Slot Trained(long offset) => new(Region.Trained, offset);

    /// <summary>A place in <see cref="Region.Gradients"/>.</summary>
    protected static Slot Gradients(long offset) => new(Region.Gradients, offset);

    /// <summary>A place in <see cref="Region.Statistics"/>.</summary>
    protected static Slot Statistics(long offset) => new(Region.Statistics, offset);

    /// <summary>A place in <see cref="Region.Folded"/>.</summary>
    protected static Slot Folded(long offset) => new(Region.Folded, offset);

    /// <summary>A place in <see cref="Region.Noise"/>.</summary>
    protected static Slot Noise(long offset) => new(Region.Noise, offset);

    /// <summary>The batch's images.</summary>
    protected static Slot Inputs => new(Region.Inputs, 0);

    /// <summary>The batch's labels.</summary>
    protected static Slot Labels => new(Region.Labels, 0);

    /// <summary>How much each image of the batch counts.</summary>
    protected static Slot ImageWeights => new(Region.ImageWeights, 0);

    /// <summary>How the target of each image of the batch differs from its label.</summary>
    protected static Slot Softening => new(Region.Softening, 0);

    /// <summary>The batch's features.</summary>
    protected static Slot Features => new(Region.Features, 0);

    /// <summary>What the head reads of the batch's images.</summary>
    protected static Slot Embeddings => new(Region.Embeddings, 0);

    /// <summary>A place in the arena that does not depend on the batch.</summary>
    protected static Slot Arena(long offset) => new(Region.Arena, offset);

    /// <summary>A place in the arena behind what the batch's images need before it.</summary>
    protected Slot Arena(long offset, long perImage) => new(Region.Arena, offset + (Batch * perImage));

    /// <summary>Runs the frozen layers, unless the batch came as features or has been encoded.</summary>
    private void Encode()
    {
        RequireBatch();
        Fold();
        if (_isEncoded)
            return;
        if (_cameAsFeatures)
        {
            throw new InvalidOperationException(
                $"The frozen weights of {Model.Name} were written after the batch came as features, which are those of the old weights: "
                + "call SetBatch with its images, or SetFeatures with their new features.");
        }

        ReserveArena(_layout.Encoding);
        _device.Reserve(Region.Features, (long)Batch * FeatureFloats);
        EncodeBatch();
        _isEncoded = true;
    }

    /// <summary>Computes what depends on frozen parameters alone, unless that has been done since they were written.</summary>
    private void Fold()
    {
        if (_isFolded || _layout.FoldedFloats == 0)
            return;
        _device.Reserve(Region.Folded, _layout.FoldedFloats);
        ReserveArena(_layout.Folding);
        FoldWeights();
        _isFolded = true;
        _isPrepared = false;
    }

    /// <summary>Computes what inference needs of a task, unless that is there.</summary>
    private void Prepare(TaskMemory task, long floats)
    {
        if (task.PreparedFrom == _weights)
            return;
        task.ReservePrepared(floats);
        _device.UseTask(task);
        try
        {
            PrepareMixed();
        }
        finally
        {
            _device.UseTask(null);
        }

        task.PreparedFrom = _weights;
    }

    /// <summary>A larger arena is a new one: what a task's preparation left in the old one is gone.</summary>
    private void ReserveArena(ArenaSize size)
    {
        long floats = size.Floats(Batch) + _device.ScratchFloats;
        if (floats <= _arenaFloats)
            return;
        _isPrepared = false;
        // If there is no room, the old arena is gone as well.
        _arenaFloats = 0;
        try
        {
            _device.Reserve(Region.Arena, floats);
        }
        catch (InsufficientMemoryException e) when (_device.FreeBytes is { } free)
        {
            throw new InsufficientMemoryException($"{e.Message} {WhatFits(size, free)}", e);
        }

        _arenaFloats = floats;
    }

    /// <summary>
    /// Besides the arena an image takes its inputs, once more for the batch that is staged, and what is kept of it; kernels and the driver
    /// take what no plan knows.
    /// </summary>
    private string WhatFits(ArenaSize size, long freeBytes)
    {
        long reserve = freeBytes / 16 / sizeof(float);
        long images = ((freeBytes / sizeof(float)) - reserve - _device.ScratchFloats - size.Shared)
            / Math.Max(size.PerImage + (_device.CanStage ? Model.ImageFloats : 0) + FeatureFloats, 1);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{freeBytes:N0} bytes are free: room for {(images > 0 ? $"{images:N0} images" : "no image")} at a time, not for {Batch:N0}.");
    }

    /// <summary>Of rows of logits, which have a column for each class that the head has room for, copies what is asked for.</summary>
    private void ReadTaskLogits(Slot place, Span<float> destination)
    {
        int room = Model.Classes, classes = _logitColumns;
        if (classes == room)
        {
            ReadPlace(place, destination);
            return;
        }

        using DeviceTurn turn = TakeTurn();
        int rows = destination.Length / classes, floats = checked(rows * room);
        if (_allLogits.Length < floats)
            _allLogits = new float[floats];
        ReadPlace(place, _allLogits.AsSpan(0, floats));
        for (int row = 0; row < rows; row++)
            _allLogits.AsSpan(row * room, classes).CopyTo(destination[(row * classes)..]);
    }

    private void ReadPlace(Slot place, Span<float> destination)
    {
        using DeviceTurn turn = TakeTurn();
        _device.Read(place, destination);
    }

    private Slot At(ArenaPlace place) => Arena(place.Offset, place.PerImage);

    private static bool LikeStatistics(Region region) => region is Region.Statistics or Region.AveragedStatistics;

    private void ReserveLike(Region region)
    {
        if (region is Region.Gradients or Region.FirstMoments or Region.SecondMoments or Region.AccumulatedGradients or Region.Averages)
            _device.Reserve(region, _trainedFloats);
        else if (region == Region.AveragedStatistics)
            _device.Reserve(region, Model.MeasuredFloats);
    }

    private void RequireBatch()
    {
        if (Batch == 0)
            throw new InvalidOperationException("There is no batch: call SetBatch first.");
    }
}

/// <summary>What the compiler decided about a model's memory.</summary>
public sealed record ProgramLayout
{
    /// <summary>The arena in which constants are folded.</summary>
    public ArenaSize Folding { get; init; }

    /// <summary>Floats that are computed once from frozen parameters; 0 where there are none.</summary>
    public long FoldedFloats { get; init; }

    /// <summary>The arena of the frozen layers, where they are a program of their own.</summary>
    public ArenaSize Encoding { get; init; }

    /// <summary>Floats of an image's features; 0 where there are none.</summary>
    public int FeatureFloats { get; init; }

    /// <summary>The places where a training step drops elements by chance.</summary>
    public int NoisyPlaces { get; init; }

    /// <summary>The numbers that the head reads of an image.</summary>
    public required int EmbeddingFloats { get; init; }

    /// <summary>The arena of a training step.</summary>
    public required ArenaSize Training { get; init; }

    /// <summary>The arena of inference.</summary>
    public required ArenaSize Inference { get; init; }

    /// <summary>Where a training step leaves its logits, [batch, classes].</summary>
    public required ArenaPlace TrainingLogits { get; init; }

    /// <summary>Where a training step leaves its losses, [batch].</summary>
    public required ArenaPlace TrainingLosses { get; init; }

    /// <summary>Where a training step leaves each image's share of right labels, [batch], where images have many.</summary>
    public ArenaPlace? TrainingCorrect { get; init; }

    /// <summary>Where inference leaves its logits, [batch, classes].</summary>
    public required ArenaPlace InferenceLogits { get; init; }

    /// <summary>The arena of images of several tasks, where that is another than <see cref="Inference"/>.</summary>
    public ArenaSize? Mixed { get; init; }

    /// <summary>Where the logits of images of several tasks are left, where that is elsewhere, [batch, classes].</summary>
    public ArenaPlace? MixedLogits { get; init; }

    /// <summary>The trained floats from here on are biases.</summary>
    public required long FirstBias { get; init; }

    /// <summary>The trained floats from here on are the head's bias.</summary>
    public required long HeadBias { get; init; }
}

/// <summary>The size of an arena: a part that every batch needs, and one that grows with it.</summary>
public readonly record struct ArenaSize(long Shared, long PerImage)
{
    /// <summary>The size for a batch, in floats.</summary>
    public long Floats(int batch) => Shared + (batch * PerImage);
}

/// <summary>A place in the arena: offset + batch · perImage floats from its start.</summary>
public readonly record struct ArenaPlace(long Offset, long PerImage);
