namespace VptDsl.Programs;

/// <summary>A compiled model on a device: its parameters, its memory and the program that trains and runs it.</summary>
/// <remarks>
/// The source generator writes the subclasses; <see cref="Tuner"/> drives them. Each call has the device to itself; a batch and what is
/// computed and read of it belong together in a turn (<see cref="TakeTurn"/>) where several threads use a program.
/// </remarks>
public abstract class ModelProgram : IDisposable
{
    /// <summary>What the model is made of.</summary>
    public abstract ModelDescription Model { get; }

    /// <summary>
    /// The classes of the task, the first of those that the head has room for; all of them until something else is set. Logits are theirs
    /// alone. What the head's last layer holds for the others must keep them out of the softmax.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">They are fewer than 1, or more than the head has room for.</exception>
    public int TaskClasses
    {
        get => field == 0 ? Model.Classes : field;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Model.Classes);
            field = value;
        }
    }

    /// <summary>The labels of an image, as <see cref="SetBatch"/> takes them.</summary>
    public int LabelsOfImage => Model.IsMultiLabel ? TaskClasses : Model.LabelsPerImage;

    /// <summary>Where it runs; null for a program without a device.</summary>
    internal virtual Device? Device => null;

    /// <summary>What decides how results are rounded: programs of the same declaration with the same compute the same bits.</summary>
    internal string Arithmetic => Device?.Arithmetic ?? "";

    /// <summary>What products and attention multiply here: what the model's kernels for tensor cores do, if the device has such.</summary>
    internal Precision Precision => Device is { HasTensorCores: true } ? Model.Precision ?? Precision.Float32 : Precision.Float32;

    /// <summary>
    /// SHA-256 of the elements of parameters that memory holds rounded, by name: tasks belong to a backbone's weights, and not to how they
    /// are stored.
    /// </summary>
    internal Dictionary<string, byte[]> HashesBeforeRounding { get; } = [];

    /// <summary>Waits until no other thread computes on the device, and keeps it from others until the turn is disposed of.</summary>
    /// <exception cref="ObjectDisposedException">The program was disposed of.</exception>
    public virtual DeviceTurn TakeTurn() => default;

    /// <summary>Puts a batch on the device; the following calls work on it.</summary>
    /// <param name="images">[batch, channels, height, width], normalised.</param>
    /// <param name="labels">
    /// [batch]; the class of each image, or [batch, height, width] where the model tells the class of each pixel, or [batch, task classes]
    /// of 1 and 0 where images can have several. For <see cref="Infer"/> any classes will do.
    /// </param>
    public abstract void SetBatch(ReadOnlySpan<float> images, ReadOnlySpan<int> labels);

    /// <summary>Whether images can be copied to the device while it works: there <see cref="Stage"/> saves time.</summary>
    public virtual bool CanStage => false;

    /// <summary>Begins to copy the images of the batch after this one to the device, and does not wait.</summary>
    /// <param name="images">[batch, channels, height, width], normalised.</param>
    /// <exception cref="NotSupportedException"><see cref="CanStage"/> is false.</exception>
    public virtual void Stage(ReadOnlySpan<float> images) => throw new NotSupportedException($"{Model.Name} takes no images ahead here.");

    /// <summary>Makes the staged images the batch, as <see cref="SetBatch"/> does with its own.</summary>
    /// <param name="labels">As for <see cref="SetBatch"/>.</param>
    /// <exception cref="NotSupportedException"><see cref="CanStage"/> is false.</exception>
    public virtual void SetStaged(ReadOnlySpan<int> labels) => throw new NotSupportedException($"{Model.Name} takes no images ahead here.");

    /// <summary>
    /// How much an image of each class counts in the loss and the gradients of the batches that come after, [task classes]; empty where
    /// all count 1.
    /// </summary>
    public ReadOnlyMemory<float> ClassWeights { get; set; }

    /// <summary>
    /// How the targets of the batches that come after differ from their labels; not at all unless set. Where images can have several
    /// classes they can only be smoothed; where they have label maps, not even that.
    /// </summary>
    public SoftTargets SoftTargets { get; set; }

    /// <summary>
    /// Floats of an image's features: what the layers below everything trained make of it, which stays the same from epoch to epoch.
    /// 0 where there are no such layers.
    /// </summary>
    public virtual int FeatureFloats => 0;

    /// <summary>Puts a batch on the device as features that <see cref="ReadFeatures"/> once gave for its images.</summary>
    /// <param name="features">[batch, <see cref="FeatureFloats"/>].</param>
    /// <param name="labels">[batch]; the class of each image.</param>
    /// <exception cref="InvalidOperationException">The model has no features.</exception>
    public virtual void SetFeatures(ReadOnlySpan<float> features, ReadOnlySpan<int> labels) =>
        throw new InvalidOperationException($"{Model.Name} has no features.");

    /// <summary>Copies the features of the batch's images, [batch, <see cref="FeatureFloats"/>].</summary>
    /// <exception cref="InvalidOperationException">The model has no features.</exception>
    public virtual void ReadFeatures(Span<float> features) =>
        throw new InvalidOperationException($"{Model.Name} has no features.");

    /// <summary>
    /// Decides what the next steps drop by chance, where the model drops anything. The same seed and number decide the same, on any device.
    /// </summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="number">The number of the update that the step is for, from 1.</param>
    /// <param name="piece">The piece of the batch, from 0, where an update sums up several.</param>
    public virtual void DrawNoise(long seed, int number, int piece = 0)
    {
    }

    /// <summary>
    /// Runs the forward and the backward pass: afterwards logits, losses and gradients are there, and <see cref="Region.Statistics"/> have
    /// taken the batch into account.
    /// </summary>
    public abstract void Step();

    /// <summary>Runs the forward pass alone: afterwards the logits are there.</summary>
    public abstract void Infer();

    /// <summary>
    /// Computes what inference needs and no image changes, unless it is there. It lies where it was planned until a larger batch comes or
    /// a parameter is written.
    /// </summary>
    internal virtual void PrepareInference()
    {
    }

    /// <summary>Takes memory for a task beside the model's own: its parameters, all zero.</summary>
    /// <exception cref="NotSupportedException">The program has one task alone.</exception>
    /// <exception cref="InsufficientMemoryException">The device has no such memory left.</exception>
    public virtual TaskMemory AddTask() => throw OneTask();

    /// <summary>Gives a task's memory back; none of the program's batches may still need it.</summary>
    public virtual void RemoveTask(TaskMemory task) => throw OneTask();

    /// <summary>Copies into a task's memory.</summary>
    /// <param name="task">The task.</param>
    /// <param name="destination">A place in <see cref="Region.Trained"/> or <see cref="Region.Statistics"/>.</param>
    /// <param name="source">The values.</param>
    public virtual void WriteTask(TaskMemory task, Slot destination, ReadOnlySpan<float> source) => throw OneTask();

    /// <summary>
    /// Runs the forward pass of a batch whose images belong to several tasks: each image reads its own task's parameters, everything else
    /// runs on all images at once.
    /// </summary>
    /// <param name="tasks">The tasks in the order of the images, which together are the batch.</param>
    public virtual void InferTasks(ReadOnlySpan<TaskImages> tasks) => throw OneTask();

    /// <summary>Updates the trained parameters from the gradients.</summary>
    public abstract void Update(in OptimizerUpdate update);

    /// <summary>Adds two regions that are laid out alike: target = keep · target + add · source.</summary>
    /// <param name="target">The one that changes: laid out as <see cref="Region.Trained"/>, or as <see cref="Region.Statistics"/>.</param>
    /// <param name="keep">Where it is 0, nothing of the target remains, whatever it was.</param>
    /// <param name="source">The other; may be the same.</param>
    /// <param name="add">What the source is multiplied by.</param>
    public virtual void Combine(Region target, float keep, Region source, float add)
    {
        long count = target is Region.Statistics or Region.AveragedStatistics ? Model.MeasuredFloats : Model.TrainedFloats;
        float[] sums = this.Read(new Slot(target, 0), count), added = this.Read(new Slot(source, 0), count);
        for (int i = 0; i < sums.Length; i++)
            sums[i] = (keep == 0 ? 0 : keep * sums[i]) + (add * added[i]);
        Write(new Slot(target, 0), sums);
    }

    /// <summary>The sum of the squares of all gradients.</summary>
    public virtual double SumOfSquaredGradients() =>
        this.Read(new Slot(Region.Gradients, 0), Model.TrainedFloats).Sum(value => (double)value * value);

    /// <summary>
    /// Copies the logits of the last <see cref="Step"/> or <see cref="Infer"/>, [batch, task classes], or
    /// [batch, height, width, task classes] where the model tells the class of each pixel. After <see cref="InferTasks"/> each row has all
    /// classes that the head has room for, and those of the image's task come first.
    /// </summary>
    public abstract void ReadLogits(Span<float> logits);

    /// <summary>Copies the logits of one image of the batch.</summary>
    /// <param name="image">Its place in the batch.</param>
    /// <param name="logits">[height, width, task classes].</param>
    /// <exception cref="InvalidOperationException">The model tells the class of whole images; read all at once.</exception>
    public virtual void ReadLogits(int image, Span<float> logits) =>
        throw new InvalidOperationException($"{Model.Name} has no logits of pixels.");

    /// <summary>
    /// Copies the share of each image's pixels, of those that count, that the last <see cref="Step"/> told right, [batch].
    /// </summary>
    /// <exception cref="InvalidOperationException">The model tells the class of whole images.</exception>
    public virtual void ReadCorrect(Span<float> correct) =>
        throw new InvalidOperationException($"{Model.Name} has one label for each image.");

    /// <summary>The numbers that the head reads of an image: the width of the final features.</summary>
    public virtual int EmbeddingFloats => 0;

    /// <summary>Copies what the head read in the last <see cref="Infer"/>, [batch, <see cref="EmbeddingFloats"/>].</summary>
    /// <exception cref="InvalidOperationException">The model does not keep them.</exception>
    public virtual void ReadEmbeddings(Span<float> embeddings) =>
        throw new InvalidOperationException($"{Model.Name} has no embeddings.");

    /// <summary>Copies each image's cross-entropy with its target in the last <see cref="Step"/>, times its weight, [batch].</summary>
    public abstract void ReadLosses(Span<float> losses);

    /// <summary>Copies from a region of device memory.</summary>
    public abstract void Read(Slot source, Span<float> destination);

    /// <summary>Copies into a region of device memory.</summary>
    public abstract void Write(Slot destination, ReadOnlySpan<float> source);

    /// <inheritdoc/>
    public abstract void Dispose();

    private NotSupportedException OneTask() => new($"{Model.Name} has no other task than its own.");
}

/// <summary>How the targets of a batch differ from its labels: the target of an image of class a is a mixture of classes.</summary>
/// <param name="Smoothing">
/// What all classes of the task get alike, from 0 to less than 1: each ε/classes of it, and the rest is multiplied by 1 − ε.
/// </param>
/// <param name="OtherShare">
/// The share, from 0 to 1, that the class of the image at the mirrored place has (the last image's for the first, and so on); a has the
/// rest.
/// </param>
public readonly record struct SoftTargets(float Smoothing, float OtherShare)
{
    /// <summary>Whether each target is the label alone.</summary>
    public bool AreHard => Smoothing == 0 && OtherShare == 0;
}

/// <summary>One optimiser update.</summary>
public readonly record struct OptimizerUpdate
{
    /// <summary>SGD with momentum or AdamW.</summary>
    public required OptimizerKind Kind { get; init; }

    /// <summary>The learning rate of this step.</summary>
    public required float LearningRate { get; init; }

    /// <summary>SGD: L2 in the gradient; AdamW: decoupled.</summary>
    public float WeightDecay { get; init; }

    /// <summary>Whether biases are decayed as well. SGD in the paper's code decays all but the head's bias; AdamW no bias at all.</summary>
    public DecayedParameters Decayed { get; init; }

    /// <summary>SGD's momentum, or AdamW's first beta.</summary>
    public float Momentum { get; init; }

    /// <summary>AdamW's second beta.</summary>
    public float SecondBeta { get; init; }

    /// <summary>AdamW's epsilon.</summary>
    public float Epsilon { get; init; }

    /// <summary>The number of this update, from 1: AdamW's bias correction needs it.</summary>
    public int Number { get; init; }

    /// <summary>
    /// Which trained parameters learn at which share of the learning rate, all of them in order; empty where all learn at the same.
    /// </summary>
    public ReadOnlyMemory<RateRun> Rates { get; init; }
}

/// <summary>The optimisers.</summary>
public enum OptimizerKind
{
    /// <summary>Stochastic gradient descent: v = momentum·v + (g + decay·p); p -= rate·v.</summary>
    Sgd,

    /// <summary>Adam with decoupled weight decay.</summary>
    AdamW,
}

/// <summary>Which trained parameters weight decay applies to.</summary>
public enum DecayedParameters
{
    /// <summary>All of them.</summary>
    All,

    /// <summary>All but the head's last bias: the paper's code with SGD.</summary>
    AllButHeadBias,

    /// <summary>All but biases: the paper's code with AdamW.</summary>
    AllButBiases,
}
