using VptDsl.Data;
using VptDsl.Data.Pixels;
using VptDsl.Inspection;
using VptDsl.Programs;
using VptDsl.Tasks;
using VptDsl.Training;
using VptDsl.Training.Parallel;
using VptDsl.Weights;
using VptDsl.Weights.Dialects;

namespace VptDsl;

/// <summary>
/// A declared model on a device, ready to be tuned and used. The source generator makes the annotated class derive from it and adds
/// <c>Load</c> and <c>Create</c>.
/// </summary>
/// <remarks>
/// <para>
/// Thread-safe. <c>Predict</c>, <c>Embed</c>, <see cref="Evaluate"/> and the methods that save may be called from any threads at once; the
/// device computes a batch at a time. <see cref="LoadTask"/> waits for calls of <c>Predict</c> and <c>Embed</c> under way, and they wait
/// for it.
/// </para>
/// <para>
/// What takes long is not waited for: while <see cref="Fit"/> runs every other call on the tuner throws an
/// <see cref="InvalidOperationException"/> that says so (but for calls from <see cref="FitOptions.EpochCompleted"/>, which may do anything
/// but change the model), and so do <see cref="Fit"/> and <see cref="LoadTask"/> while <see cref="Evaluate"/> runs. Use another tuner
/// meanwhile.
/// </para>
/// <para>
/// After <see cref="Dispose"/> every call throws an <see cref="ObjectDisposedException"/>; so does a call that was under way, when it comes
/// to its next batch or step. A fit writes its checkpoint first, if it has one.
/// </para>
/// </remarks>
public abstract partial class Tuner : IDisposable
{
    private const string ClassToken = "cls_token";

    private readonly ModelProgram _program;
    private string? _backboneHash;
    private int _seed;

    // As long as the head is as it was drawn, the first set says how many classes it tells apart.
    private bool _isHeadFresh = true;

    /// <summary>Wraps a compiled program.</summary>
    protected Tuner(Device device, ModelProgram program)
    {
        Device = device;
        _program = program;
        Access = new ModelAccess(program.Model.Name, program.Dispose);
    }

    /// <summary>Where the model runs.</summary>
    public Device Device { get; }

    /// <summary>What the model is made of.</summary>
    public ModelDescription Model => _program.Model;

    /// <summary>What the backbone's weight file held; null for a model that was drawn afresh.</summary>
    public WeightReport? Weights { get; private set; }

    /// <summary>
    /// The classes of the task: as many as the training set's or the task file's, or what <see cref="ResetHead"/> was given; until then all
    /// that the head has room for. They are its first so many, and have a probability; no other has one.
    /// </summary>
    public int TaskClasses => _program.TaskClasses;

    /// <summary>The names of the classes, if the training set or a task file gave them.</summary>
    public IReadOnlyList<string>? ClassNames { get; private set; }

    /// <summary>
    /// What image files go through before the model gets them, without chance: that of the set the model was tuned or validated on,
    /// or the task file's. Set it where images came without one, as floats in memory.
    /// </summary>
    public ImagePipeline? Pipeline { get; set; }

    /// <summary>The compiled program, for tests and benchmarks.</summary>
    internal ModelProgram Compiled => _program;

    /// <summary>Who uses the model.</summary>
    internal ModelAccess Access { get; }

    /// <summary>
    /// The model and where it runs; with a precision for tensor cores, what is multiplied there; and what saved activations are, if not
    /// float32.
    /// </summary>
    public override string ToString() =>
        $"{Model.Name}: {Model.Declaration} on {Device}{(Model.Precision is null ? "" : $" in {_program.Precision}")}{Model.RoundedText}";

    /// <summary>
    /// Trains what the declaration says is trained, from the values it has now, or goes on with a run that was interrupted
    /// (<see cref="FitOptions.Checkpoint"/>).
    /// </summary>
    /// <param name="train">
    /// The images to learn from. The first set says how many classes the head tells apart (<see cref="TaskClasses"/>), as if it had been
    /// declared with so many. After that, a set's classes are as many, or some of <see cref="ClassNames"/>.
    /// </param>
    /// <param name="validation">
    /// The images that choose the best epoch and stop the run, of the training set's classes or some of them; may be left out.
    /// </param>
    /// <param name="options">How to train; the paper's recipe where left out.</param>
    /// <param name="cancellation">Stops the run between two steps.</param>
    /// <exception cref="ArgumentException">
    /// A set does not fit the model or has a pixel that is NaN or infinite, or an option makes no sense.
    /// </exception>
    /// <exception cref="TrainingDivergedException">A loss became NaN or infinite; the message names the step.</exception>
    /// <exception cref="OperationCanceledException">
    /// The run was cancelled; the message says where it stood, and where it was saved (<see cref="FitOptions.Checkpoint"/>).
    /// </exception>
    /// <exception cref="WeightFileException">The checkpoint is damaged, or belongs to another run.</exception>
    /// <exception cref="UnsavedResultException">
    /// After the last step the checkpoint cannot be written; the one before it is as it was, and the model has the result.
    /// </exception>
    /// <exception cref="IOException">
    /// Before the first step: the checkpoint's place is no good, or another run has it. In between, a checkpoint that cannot be written is
    /// a warning, and is tried again after each epoch.
    /// </exception>
    public FitReport Fit(
        IImageSource train, IImageSource? validation = null, FitOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        using ModelAccess.Use use = Access.Fit(nameof(Fit));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, Access.Disposal);
        try
        {
            return FitAlone(train, validation, options ?? new FitOptions(), stop.Token);
        }
        catch (OperationCanceledException e) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(e.Message, e, cancellation);
        }
        catch (OperationCanceledException e) when (Access.Disposal.IsCancellationRequested)
        {
            throw new ObjectDisposedException($"{Model.Name} was disposed of while Fit trained it.", e);
        }
    }

    private FitReport FitAlone(IImageSource train, IImageSource? validation, FitOptions options, CancellationToken cancellation)
    {
        ImagePipeline? pipeline = SourcePipeline.Of(validation ?? train) ?? SourcePipeline.Of(train);
        int classesBefore = TaskClasses, classes = _isHeadFresh ? HeadClasses.OfFirst(train, Model) : classesBefore;
        if (classes != classesBefore)
            DrawHead(classes);
        try
        {
            return Trainer.Fit(
                _program, train, validation, options with { EpochCompleted = Reading(options.EpochCompleted) },
                console: null, cancellation,
                [.. ((string?[])[NormalizationAdvice.Warning(Weights, pipeline), Weights?.Hint]).OfType<string>()], ClassNames, Begun);
        }
        catch when (_isHeadFresh && classes != classesBefore && !Access.Disposal.IsCancellationRequested)
        {
            DrawHead(classesBefore);
            throw;
        }

        // Until then the tuner is what it was before: what goes wrong earlier must not give the old weights other classes.
        void Begun(IReadOnlyList<string> classNames)
        {
            _isHeadFresh = false;
            _backboneHash = null;
            ClassNames = classNames;
            Pipeline = pipeline?.WithoutChance() ?? Pipeline;
            foreach (Tuner helper in (options.Workers as LocalWorkers)?.Helpers ?? [])
                helper.BeginTaskOf(this);
        }
    }

    /// <summary>Has from now on the task of a tuner that it helps to train, whose parameters it gets.</summary>
    private void BeginTaskOf(Tuner other)
    {
        _program.TaskClasses = other.TaskClasses;
        _backboneHash = null;
        (_isHeadFresh, ClassNames, Pipeline) = (false, other.ClassNames, other.Pipeline);
    }

    /// <summary>
    /// Begins another task: draws the head anew, for so many classes. All else stays as it is, such as prompts that learned before.
    /// </summary>
    /// <param name="classes">The task's classes, 2 up to what the head has room for; a set gives them names.</param>
    /// <remarks><see cref="Fit"/> does this by itself for the first set that a model learns from.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">They are too few, or the head has no room for them.</exception>
    public void ResetHead(int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, HeadClasses.Fewest);
        if (classes > Model.Classes)
        {
            throw new ArgumentOutOfRangeException(
                nameof(classes), classes,
                $"The head of {Model.Name} has room for {Model.Classes} classes: declare it with Classes = {classes}, or more.");
        }

        using ModelAccess.Use use = Access.Change(nameof(ResetHead));
        DrawHead(classes);
        (_isHeadFresh, ClassNames) = (false, null);
    }

    /// <summary>Measures the model on a set.</summary>
    /// <param name="source">The images to classify.</param>
    /// <param name="batchSize">Images computed at a time; it changes nothing but time and memory.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <remarks>
    /// Where <see cref="ClassNames"/> are known, the set's classes are found among them by name, and may be fewer or in another order;
    /// classes with other names, all of them, must be as many as the head's and in its order.
    /// </remarks>
    /// <exception cref="ArgumentException">The set does not fit the model, or has a pixel that is NaN or infinite.</exception>
    public Evaluation Evaluate(IImageSource source, int batchSize = 64, CancellationToken cancellation = default) =>
        EvaluateEach(source, scored: null, batchSize, cancellation);

    /// <summary>As <see cref="Evaluate"/>, and tells what it finds of each image.</summary>
    internal Evaluation EvaluateEach(
        IImageSource source, ImageScored? scored, int batchSize = 64, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        using ModelAccess.Use use = Access.Evaluate(nameof(Evaluate));
        return Trainer.Evaluate(_program, source, batchSize, cancellation, ClassNames, scored);
    }

    /// <summary>Where the model looks in an image.</summary>
    /// <param name="image">[channels, height, width], normalised.</param>
    internal AttentionMaps AttentionTo(ReadOnlySpan<float> image)
    {
        using ModelAccess.Use use = Access.Read(nameof(AttentionTo));
        return AttentionMaps.Of(_program, image);
    }

    /// <summary>The probability of each class for images.</summary>
    /// <param name="images">[images, channels, height, width], normalised as in training; any number of images.</param>
    /// <returns>
    /// [images, <see cref="TaskClasses"/>], or [images, height, width, <see cref="TaskClasses"/>] where the model tells the class of each
    /// pixel; each row sums to 1, unless images can have several classes: then each class has a probability of its own.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// <paramref name="images"/> is not a whole number of images, a pixel is NaN or infinite, or the result is more than an array holds.
    /// </exception>
    public float[] Predict(ReadOnlySpan<float> images) => Predict(images, CancellationToken.None);

    /// <summary>What the head reads of images: their final features, for instance to compare or to plot them.</summary>
    /// <param name="images">[images, channels, height, width], normalised as in training; any number of images.</param>
    /// <returns>[images, width], or [images, patches, width] where the model tells the class of each pixel.</returns>
    /// <exception cref="ArgumentException">
    /// <paramref name="images"/> is not a whole number of images, a pixel is NaN or infinite, or the result is more than an array holds.
    /// </exception>
    public float[] Embed(ReadOnlySpan<float> images) => Embed(images, CancellationToken.None);

    /// <summary>The probability of each class for an image file, read as the task's images were (<see cref="Pipeline"/>).</summary>
    /// <param name="path">A JPEG, PNG, WebP, BMP or GIF file.</param>
    /// <returns>
    /// [<see cref="TaskClasses"/>], which sum to 1, or [height, width, <see cref="TaskClasses"/>] where the model tells the class of each
    /// pixel: each pixel's sum to 1. <see cref="ClassNames"/> says which is which.
    /// </returns>
    /// <exception cref="InvalidOperationException">The task has no pipeline, or one for other images than the model's.</exception>
    /// <exception cref="ImageDataException">The file is missing or broken.</exception>
    public float[] Predict(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Predict(pipeline => pipeline.ReadImage(path), CancellationToken.None);
    }

    /// <summary>As <see cref="Predict(string)"/>, for an image file's bytes.</summary>
    /// <param name="encoded">The whole file: JPEG, PNG, WebP, BMP or GIF.</param>
    /// <inheritdoc cref="Predict(string)"/>
    /// <exception cref="ImageDataException">They are no image, or a broken one.</exception>
    public float[] Predict(ReadOnlySpan<byte> encoded) => Predict(encoded.ToArray(), EncodedStream.Unnamed);

    /// <summary>As <see cref="Predict(string)"/>, for an image file that a stream gives, standard input for instance.</summary>
    /// <param name="stream">JPEG, PNG, WebP, BMP or GIF, from where it stands to its end. It stays open.</param>
    /// <inheritdoc cref="Predict(string)"/>
    /// <exception cref="ImageDataException">It gives no image, or a broken one.</exception>
    public float[] Predict(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        UsablePipeline();
        return Predict(EncodedStream.Read(stream), EncodedStream.NameOf(stream));
    }

    /// <summary>
    /// Writes what was trained, prompts and head, to a safetensors file of a few hundred kilobytes. The backbone stays out.
    /// </summary>
    /// <param name="path">The file. It is replaced as a whole or not at all.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveTask(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        using ModelAccess.Use use = Access.Read(nameof(SaveTask));
        // Prompts that a method describes are declared by no attribute.
        bool hasMethod = Model.Declaration.Contains(" open(", StringComparison.Ordinal);
        string? attributes = hasMethod ? null : DeclaredAttributes.Of(GetType(), TaskClasses);
        TaskFile.Save(path, Model.WithClasses(TaskClasses), BackboneHashOfNow(), ClassNames, Read, Pipeline, attributes);
    }

    /// <summary>
    /// Takes up a task that was saved by a model of the same declaration on the same backbone. Its head may have had room for more or fewer
    /// classes, as long as this one has room for those of the task.
    /// </summary>
    /// <param name="path">A file of <see cref="SaveTask"/>.</param>
    /// <exception cref="WeightFileException">The file is damaged, or belongs to another declaration or another backbone.</exception>
    public void LoadTask(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        using ModelAccess.Use use = Access.Change(nameof(LoadTask));
        TaskInfo task = TaskFile.Load(path, Model, BackboneHashOfNow(), (parameter, values) => Write(parameter, values));
        _program.TaskClasses = task.Classes ?? Model.Classes;
        (_isHeadFresh, ClassNames, Pipeline) = (false, task.ClassNames, task.Pipeline);
    }

    /// <summary>
    /// Writes the backbone, as it is now, to a safetensors file, which <c>Load</c> of any declaration reads. Its names are those that timm
    /// has for vision transformers; where timm has others for a family, as for BEiT, EVA-02 and DINOv3, the file is for this library alone.
    /// </summary>
    /// <remarks>
    /// The file's metadata say what tensors do not: heads, epsilon, activation, image size, and the normalisation of the images that the
    /// backbone was trained on: the <see cref="Pipeline"/>'s where this model trains the backbone, else what its weight file said.
    /// </remarks>
    /// <param name="path">The file. It is replaced as a whole or not at all.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="InvalidOperationException">
    /// A parameter has elements that are NaN or infinite, or memory holds frozen weights rounded (<see cref="FrozenWeightsAttribute"/>).
    /// </exception>
    public void SaveBackbone(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (Model.FrozenWeights != WeightStorage.Float32)
        {
            throw new InvalidOperationException(
                $"{Model.Name} has its frozen weights in {Model.FrozenWeights}: what was loaded is no longer there, and tasks belong to "
                    + "that. Save the backbone of a model without [FrozenWeights].");
        }

        using ModelAccess.Use use = Access.Read(nameof(SaveBackbone));
        TensorToWrite[] tensors =
            [
                .. Model.Parameters.Where(p => p.Kind == ParameterKind.Backbone)
                    .Select(p => new TensorToWrite(p.Name, p.Shape, () => FiniteParameters.Read(Model, p, Read))),
            ];
        ContentHash.Write(path, tensors, BackboneMetadata.Write(Model, BackboneNormalization()));
    }

    /// <summary>
    /// Writes low-rank updates (<see cref="LoRAAttribute"/>) as the PEFT library reads them: <c>adapter_model.safetensors</c> and
    /// <c>adapter_config.json</c>, for a model that has the names of the file that this backbone was loaded from.
    /// </summary>
    /// <remarks>
    /// Where those name no layers, as Google's do, and torchvision's and OpenAI's for attention, the names are timm's. The head, and
    /// prompts where there are any, are not part of it: <see cref="SaveTask"/> writes them. timm's BEiT, EVA-02 and DINOv3 read the
    /// weight of their <c>qkv</c> layers without calling those: there updates count once PEFT has merged them (<c>merge_and_unload</c>).
    /// </remarks>
    /// <param name="directory">Where; it is made if it is not there. Files of these names are replaced, each as a whole.</param>
    /// <exception cref="InvalidOperationException">
    /// The model declares no such updates, or some have elements that are NaN or infinite.
    /// </exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public void ExportLoRA(string directory)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        using ModelAccess.Use use = Access.Read(nameof(ExportLoRA));
        LoRAExport.Write(directory, Model, Read, Weights?.Naming);
    }

    /// <summary>
    /// Frees the model's memory on the device; where a fit is under way, as soon as it has ended, which is at its next step.
    /// </summary>
    public void Dispose()
    {
        Access.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Reads the backbone from a file and draws the rest.</summary>
    protected static T Load<T>(T tuner, string backbone, int seed, string? entry = null)
        where T : Tuner
    {
        try
        {
            ArgumentNullException.ThrowIfNull(backbone);
            tuner.Weights = BackboneLoader.Load(
                backbone, tuner.Model, tuner.Write, KnownDialects.All, entry, CheckpointInspector.Advice);
            tuner.Draw(seed, p => p.Kind != ParameterKind.Backbone);
            return tuner;
        }
        catch
        {
            tuner.Dispose();
            throw;
        }
    }

    /// <summary>Draws every parameter.</summary>
    protected static T Create<T>(T tuner, int seed)
        where T : Tuner
    {
        tuner.Draw(seed, _ => true);
        return tuner;
    }

    /// <summary>Draws the head as that of a model declared with so many classes is drawn, and keeps the others out.</summary>
    private void DrawHead(int classes)
    {
        ModelDescription ofTask = Model.WithClasses(classes);
        foreach ((ParameterDescription all, ParameterDescription own) in Model.Parameters.Zip(ofTask.Parameters))
        {
            if (all.Kind == ParameterKind.Head)
                Write(all, TaskHead.Fill(all, Initialization.Draw(own, _seed)));
        }

        _program.TaskClasses = classes;
    }

    /// <summary>Each parameter has a random stream of its own, so that the same prompt is drawn whatever else the model has.</summary>
    private void Draw(int seed, Func<ParameterDescription, bool> isDrawn)
    {
        _seed = seed;
        // The backbone first: prompts may start from its class token.
        foreach (ParameterDescription parameter in Model.Parameters.Where(isDrawn).OrderBy(p => p.Kind != ParameterKind.Backbone))
        {
            float[] values = Initialization.Draw(parameter, seed);
            if (parameter.Initializer.Distribution == Distribution.ClassToken)
                Initialization.AddToRows(values, Read(Model.Parameters.Single(p => p.Name == ClassToken)));
            Write(parameter, values);
        }
    }

    private float[] Predict(ReadOnlySpan<float> images, CancellationToken cancellation)
    {
        using ModelAccess.Use use = Access.Read(nameof(Predict));
        return Trainer.Predict(_program, images, cancellation: cancellation);
    }

    private float[] Predict(byte[] encoded, string name) => Predict(pipeline => pipeline.ReadImage(encoded, name), CancellationToken.None);

    private float[] Predict(Func<ImagePipeline, float[]> read, CancellationToken cancellation) => ReadAndCompute(
        nameof(Predict), UsablePipeline, read, image => Trainer.Predict(_program, image, cancellation: cancellation));

    /// <summary>
    /// Reads an image without the model, which others may use meanwhile, and computes with it; both again where one of them loaded a task
    /// with another pipeline.
    /// </summary>
    internal T ReadAndCompute<TImage, T>(
        string call, Func<ImagePipeline> current, Func<ImagePipeline, TImage> read, Func<TImage, T> compute)
    {
        while (true)
        {
            ImagePipeline pipeline = current();
            TImage image = read(pipeline);
            using ModelAccess.Use use = Access.Read(call);
            if (ReferenceEquals(pipeline, Pipeline))
                return compute(image);
        }
    }

    private float[] Embed(ReadOnlySpan<float> images, CancellationToken cancellation)
    {
        using ModelAccess.Use use = Access.Read(nameof(Embed));
        return Trainer.Embed(_program, images, cancellation: cancellation);
    }

    private ImagePipeline UsablePipeline()
    {
        ImagePipeline pipeline = Pipeline ?? throw new InvalidOperationException(
            $"{Model.Name} has no pipeline that says how to read an image file: set Pipeline, for instance to "
            + $"Transforms.Vtab({Model.ImageSize.Code}), or give Predict the pixels.");
        return pipeline.Shape == SourceCheck.ShapeOf(Model)
            ? pipeline
            : throw new InvalidOperationException(
                $"The pipeline \"{pipeline}\" gives images of {pipeline.Shape}, but {Model.Name} takes {SourceCheck.ShapeOf(Model)}: "
                + "set Pipeline to one that does.");
    }

    /// <summary>Lets the user's code read the model where Fit calls it.</summary>
    private Action<EpochReport>? Reading(Action<EpochReport>? completed) => completed is null ? null : report =>
    {
        using ModelAccess.Use use = Access.LetThisThreadRead();
        completed(report);
    };

    private float[] Read(ParameterDescription parameter) => _program.Read(parameter);

    private void Write(ParameterDescription parameter, ReadOnlySpan<float> values) => _program.Write(parameter, values);

    private Normalization? BackboneNormalization()
    {
        bool isTrainedHere = Weights is null || Model.Parameters.Any(p => p is { Kind: ParameterKind.Backbone, Trained: true });
        return (isTrainedHere ? Pipeline?.Normalization : null) ?? Weights?.Facts.Normalization?.Value;
    }

    /// <summary>The hash of the frozen backbone, as it is now.</summary>
    internal string BackboneHashOfNow() => _backboneHash ??= BackboneHash.Of(_program);
}
