using System.Collections.Immutable;
using System.Globalization;
using VptDsl.Common;
using VptDsl.Data;
using VptDsl.Programs;
using VptDsl.Training;

namespace VptDsl.MultiTask;

/// <summary>
/// One backbone on a device that answers for hundreds of tasks: every image of a batch may belong to another one, and everything but
/// prompts, head and what else is a task's own runs on all images at once.
/// </summary>
/// <remarks>
/// <para>
/// Thread-safe. Tasks come, go and are replaced while images are computed: an image is answered by the task that had the name when the
/// image came. Results are those of a model with that task alone, on the CPU to the bit.
/// </para>
/// <para>
/// Low-rank updates stay beside the weights, which all images share, so that results are those of merged updates up to rounding. Where a
/// task has parts of the backbone for its own (the last layers, biases, everything), its images go through these by themselves.
/// </para>
/// <para>
/// What the declaration leaves untrained, such as frozen prompts and a head's frozen statistics, all tasks share: a file in which it
/// differs from the model's is refused.
/// </para>
/// <para>
/// Tasks whose images have one class and tasks whose images can have several go together, whichever of the two the model declares.
/// </para>
/// </remarks>
public sealed class MultiTaskModel : IDisposable
{
    private readonly MultiTaskOptions _options;
    private readonly TaskShelf _shelf;
    private readonly PredictionQueue _queue;
    private readonly Dictionary<string, ServedTask> _tasks = new(StringComparer.Ordinal);

    /// <summary>Puts tasks on a model's backbone.</summary>
    /// <param name="model">The model that declares what a task is. It belongs to this object from now on, which disposes of it.</param>
    /// <param name="options">How much is computed at a time and kept; the defaults where left out.</param>
    /// <exception cref="ArgumentException">The model tells the classes of pixels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option makes no sense.</exception>
    public MultiTaskModel(Tuner model, MultiTaskOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Model.IsOfPixels)
        {
            throw new ArgumentException(
                $"{model.Model.Name} tells the classes of pixels; several tasks at once are for models that tell those of images.",
                nameof(model));
        }

        _options = options is null ? new MultiTaskOptions() : options with { };
        _options.Validate();
        Tuner = model;
        _shelf = new TaskShelf(model.Compiled, model.BackboneHashOfNow(), _options.TaskMemoryBytes);
        _queue = new PredictionQueue(Compute, _options);
    }

    /// <summary>The model that declares what a task is.</summary>
    internal Tuner Tuner { get; }

    /// <summary>What images have to be: [channels, height, width].</summary>
    public ImageShape ImageShape => SourceCheck.ShapeOf(Tuner.Model);

    /// <summary>The tasks as they are now, by name.</summary>
    public IReadOnlyList<ServedTask> Tasks
    {
        get
        {
            lock (_tasks)
                return [.. _tasks.Values.OrderBy(task => task.Name, StringComparer.Ordinal)];
        }
    }

    /// <summary>Whether there is a task of a name now.</summary>
    /// <param name="task">The name.</param>
    public bool Contains(string task)
    {
        ArgumentNullException.ThrowIfNull(task);
        lock (_tasks)
            return _tasks.ContainsKey(task);
    }

    /// <summary>Images that wait for the device.</summary>
    public int Waiting => _queue.Waiting;

    /// <summary>Bytes that tasks take on the device, and how many are there.</summary>
    public (long Bytes, int Tasks) OnDevice()
    {
        using DeviceTurn turn = Tuner.Compiled.TakeTurn();
        return (_shelf.Bytes, _shelf.Present);
    }

    /// <summary>Takes a task up under a name of its own.</summary>
    /// <param name="name">The name, which no other task has.</param>
    /// <param name="path">A file of <see cref="Tuner.SaveTask"/>. It must stay: the task comes back from it.</param>
    /// <exception cref="ArgumentException">There is a task of that name, or the name is empty.</exception>
    /// <exception cref="Weights.WeightFileException">The file is damaged, or belongs to another declaration or backbone.</exception>
    public ServedTask Load(string name, string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(path);
        ServedTask task = Read(name, path);
        lock (_tasks)
        {
            if (_tasks.TryAdd(name, task))
                return task;
        }

        Forget(task);
        throw new ArgumentException($"There is a task {Quoted.Name(name)} already: unload or replace it.", nameof(name));
    }

    /// <summary>
    /// Takes a task up in the place of the one that has its name, if there is one; images under way are answered by that.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <param name="path">The new file. Where it cannot be used, the old task stays.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    /// <exception cref="Weights.WeightFileException">The file is damaged, or belongs to another declaration or backbone.</exception>
    public ServedTask Replace(string name, string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(path);
        ServedTask task = Read(name, path);
        ServedTask? old;
        lock (_tasks)
        {
            _tasks.TryGetValue(name, out old);
            _tasks[name] = task;
        }

        if (old is not null)
            Forget(old);
        return task;
    }

    /// <summary>Lets a task go; images of it that wait are still answered.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Whether there was one.</returns>
    public bool Unload(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        ServedTask? task;
        lock (_tasks)
        {
            if (!_tasks.Remove(name, out task))
                return false;
        }

        Forget(task);
        return true;
    }

    /// <summary>What a task says of an image, in a batch with others that come meanwhile.</summary>
    /// <param name="image">[channels, height, width], normalised as in the task's training; not to be changed until it is answered.</param>
    /// <param name="task">The task's name.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="ArgumentException">There is no such task, or the image is none of the model's.</exception>
    /// <exception cref="TaskQueueFullException">As many images wait as may.</exception>
    /// <exception cref="Weights.WeightFileException">The task had left the device, and its file cannot be read any more.</exception>
    /// <exception cref="NotFiniteNumberException">Numbers grew too large for an answer; the message names the task.</exception>
    public Task<TaskPrediction> PredictAsync(ReadOnlyMemory<float> image, string task, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        Require(image.Span);
        return _queue.Enqueue([(image, Use([task])[0])], cancellation)[0];
    }

    /// <summary>As the other overload, for an image file's bytes, read as the task's images were.</summary>
    /// <param name="encoded">The whole file: JPEG, PNG, WebP, BMP or GIF.</param>
    /// <param name="task">The task's name.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="ArgumentException">There is no such task, or it does not say how its images are read.</exception>
    /// <exception cref="ImageDataException">They are no image, or a broken one.</exception>
    /// <inheritdoc cref="PredictAsync(ReadOnlyMemory{float}, string, CancellationToken)"/>
    public async Task<TaskPrediction> PredictAsync(ReadOnlyMemory<byte> encoded, string task, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        return (await PredictEachAsync(encoded, [task], cancellation).ConfigureAwait(false))[0];
    }

    /// <summary>
    /// What several tasks with the same classes say of an image together: the mean of their probabilities, as the paper's ensemble of
    /// prompts.
    /// </summary>
    /// <param name="image">[channels, height, width], normalised as in the tasks' training, which must be alike.</param>
    /// <param name="tasks">Their names, at least one.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="ArgumentException">
    /// There is no such task, or their classes are others, or the image is none of the model's.
    /// </exception>
    /// <inheritdoc cref="PredictAsync(ReadOnlyMemory{float}, string, CancellationToken)"/>
    public async Task<TaskPrediction> PredictEnsembleAsync(
        ReadOnlyMemory<float> image, IReadOnlyList<string> tasks, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        Require(image.Span);
        return Mean(tasks, await AskAsync(tasks, RequireSameClasses, Images, cancellation).ConfigureAwait(false));

        Task<ReadOnlyMemory<float>[]> Images(ServedTask[] served) => Task.FromResult(Array.ConvertAll(served, _ => image));
    }

    /// <summary>As the other overload, for an image file's bytes, read as each task's images were.</summary>
    /// <param name="encoded">The whole file: JPEG, PNG, WebP, BMP or GIF.</param>
    /// <param name="tasks">Their names, at least one.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="ArgumentException">
    /// There is no such task, or it does not say how its images are read, or their classes are others.
    /// </exception>
    /// <exception cref="ImageDataException">They are no image, or a broken one.</exception>
    /// <inheritdoc cref="PredictAsync(ReadOnlyMemory{float}, string, CancellationToken)"/>
    public async Task<TaskPrediction> PredictEnsembleAsync(
        ReadOnlyMemory<byte> encoded, IReadOnlyList<string> tasks, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        return Mean(tasks, await AskAsync(tasks, RequireSameClasses, Images, cancellation).ConfigureAwait(false));

        Task<ReadOnlyMemory<float>[]> Images(ServedTask[] served) => ReadAsync(encoded, served, cancellation);
    }

    /// <summary>
    /// What each of several tasks says of one image, which waits once for each, one behind the other: in one batch where it has room.
    /// </summary>
    /// <param name="encoded">The whole file: JPEG, PNG, WebP, BMP or GIF; read once for tasks that read images alike.</param>
    /// <param name="tasks">Their names, at least one.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>What each says, in the order of <paramref name="tasks"/>.</returns>
    /// <exception cref="ArgumentException">There is no such task, or it does not say how its images are read.</exception>
    /// <exception cref="ImageDataException">They are no image, or a broken one.</exception>
    /// <exception cref="TaskQueueFullException">There is no room for all of them.</exception>
    /// <inheritdoc cref="PredictAsync(ReadOnlyMemory{float}, string, CancellationToken)"/>
    public async Task<IReadOnlyList<TaskPrediction>> PredictEachAsync(
        ReadOnlyMemory<byte> encoded, IReadOnlyList<string> tasks, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        return await AskAsync(tasks, _ => { }, served => ReadAsync(encoded, served, cancellation), cancellation).ConfigureAwait(false);
    }

    /// <summary>What each image's task says of it, in batches of at most <see cref="MultiTaskOptions.MaxBatch"/> images.</summary>
    /// <param name="images">[images, channels, height, width], normalised as in each task's training.</param>
    /// <param name="tasks">The name of each image's task.</param>
    /// <exception cref="ArgumentException">There is no such task, or images and names do not go together.</exception>
    /// <exception cref="Weights.WeightFileException">A task had left the device, and its file cannot be read any more.</exception>
    /// <exception cref="NotFiniteNumberException">Numbers grew too large for an answer; the message names the task.</exception>
    public IReadOnlyList<TaskPrediction> Predict(ReadOnlyMemory<float> images, IReadOnlyList<string> tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        int floats = ImageShape.Floats;
        if (images.Length != (long)tasks.Count * floats)
        {
            throw new ArgumentException(
                $"{Tuner.Model.Name} takes {floats} floats an image ({ImageShape}); {images.Length} floats came with {tasks.Count} tasks.",
                nameof(images));
        }

        FinitePixels.Require(images.Span, ImageShape);
        ServedTask[] served = Use(tasks);
        try
        {
            var predictions = new List<TaskPrediction>(tasks.Count);
            foreach (int[] batch in Enumerable.Range(0, tasks.Count).Chunk(_options.MaxBatch))
            {
                foreach (PredictionResult result in Compute([.. batch.Select(i => (images.Slice(i * floats, floats), served[i]))]))
                    predictions.Add(result.Prediction ?? throw result.Error!);
            }

            return predictions;
        }
        finally
        {
            Release(served);
        }
    }

    /// <summary>How many tasks of which model.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Tasks.Count} tasks of {Tuner.Model.Name}");

    /// <summary>Answers what waits, and frees the device; further calls throw an <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        _queue.Dispose();
        Tuner.Dispose();
    }

    /// <summary>Computes a batch; tasks that cannot be had fail by themselves.</summary>
    private PredictionResult[] Compute(IReadOnlyList<(ReadOnlyMemory<float> Image, ServedTask Task)> batch)
    {
        var results = new PredictionResult[batch.Count];
        using ModelAccess.Use use = Tuner.Access.Read(nameof(Predict));
        IGrouping<ServedTask, int>[] groups = [.. Enumerable.Range(0, batch.Count).GroupBy(i => batch[i].Task)];
        var contents = new Dictionary<ServedTask, TaskContent>();
        foreach (IGrouping<ServedTask, int> group in groups.Where(group => group.Key.Memory is null))
            Attempt(group, () => contents.Add(group.Key, _shelf.Read(group.Key)));

        ModelProgram program = Tuner.Compiled;
        using DeviceTurn turn = program.TakeTurn();
        try
        {
            var parts = new List<(TaskMemory Memory, ServedTask Task, int[] Places)>();
            foreach (IGrouping<ServedTask, int> group in groups.Where(group => results[group.First()].Error is null))
            {
                Attempt(group, () => parts.Add((
                    _shelf.Take(group.Key, contents.GetValueOrDefault(group.Key)), group.Key, [.. group])));
            }

            if (parts.Count > 0)
                Compute(program, batch, parts, results);
            return results;
        }
        finally
        {
            // Where the device has no room for the batch, tasks beyond the budget must not stay to take it.
            _shelf.Trim([]);
        }

        void Attempt(IEnumerable<int> places, Action act)
        {
            try
            {
                act();
            }
            catch (Exception e) when (e is IOException or InsufficientMemoryException or Weights.WeightFileException)
            {
                foreach (int place in places)
                    results[place] = new(null, e);
            }
        }
    }

    private static void Compute(
        ModelProgram program, IReadOnlyList<(ReadOnlyMemory<float> Image, ServedTask Task)> batch,
        List<(TaskMemory Memory, ServedTask Task, int[] Places)> parts, PredictionResult[] results)
    {
        int[] order = [.. parts.SelectMany(part => part.Places)];
        int floats = program.Model.ImageFloats, room = program.Model.Classes;
        float[] images = new float[order.Length * floats], logits = new float[order.Length * room];
        for (int i = 0; i < order.Length; i++)
            batch[order[i]].Image.Span.CopyTo(images.AsSpan(i * floats));
        program.SetBatch(images, new int[order.Length * program.LabelsOfImage]);
        program.InferTasks([.. parts.Select(part => new TaskImages(part.Memory, part.Places.Length))]);
        program.ReadLogits(logits);
        for (int i = 0; i < order.Length; i++)
        {
            ServedTask task = batch[order[i]].Task;
            float[] probabilities = new float[task.ClassNames.Length];
            ReadOnlySpan<float> own = logits.AsSpan(i * room, probabilities.Length);
            if (!FiniteNumbers.AreAll(own))
            {
                results[order[i]] = new(null, new NotFiniteNumberException(
                    $"What the task {Quoted.Name(task.Name)} says of the image is no finite number: numbers grew too large on the way. "
                    + "Look at how its images are normalised and at its parameters, and save it again."));
                continue;
            }

            ClassScores.Probabilities(own, probabilities, task.IsMultiLabel);
            results[order[i]] = new(
                new TaskPrediction(task.Name, ImmutableArray.Create(probabilities), task.ClassNames)
                {
                    Batch = order.Length,
                    IsMultiLabel = task.IsMultiLabel,
                },
                null);
        }
    }

    private ServedTask Read(string name, string path)
    {
        using ModelAccess.Use use = Tuner.Access.Read(nameof(Load));
        string full = Path.GetFullPath(path);
        TaskContent content = _shelf.Read(full);
        using DeviceTurn turn = Tuner.Compiled.TakeTurn();
        return _shelf.Add(name, full, content);
    }

    private void Forget(ServedTask task)
    {
        using DeviceTurn turn = Tuner.Compiled.TakeTurn();
        task.IsGone = true;
        _shelf.Trim([]);
    }

    /// <summary>Lets an image wait for each of some tasks, all or none.</summary>
    /// <param name="tasks">Their names.</param>
    /// <param name="check">Throws where they do not go together.</param>
    /// <param name="read">What the image is to each.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    private async Task<TaskPrediction[]> AskAsync(
        IReadOnlyList<string> tasks, Action<ServedTask[]> check, Func<ServedTask[], Task<ReadOnlyMemory<float>[]>> read,
        CancellationToken cancellation)
    {
        if (tasks.Count == 0)
            throw new ArgumentException("At least one task is asked.", nameof(tasks));
        ServedTask[] served = Use(tasks);
        ReadOnlyMemory<float>[] images;
        try
        {
            check(served);
            images = await read(served).ConfigureAwait(false);
        }
        catch
        {
            Release(served);
            throw;
        }

        return await Task.WhenAll(_queue.Enqueue([.. images.Zip(served)], cancellation)).ConfigureAwait(false);
    }

    /// <summary>What an image file is to each of some tasks; read once for those that read images alike.</summary>
    private Task<ReadOnlyMemory<float>[]> ReadAsync(ReadOnlyMemory<byte> encoded, ServedTask[] tasks, CancellationToken cancellation)
    {
        ImagePipeline[] pipelines = Array.ConvertAll(tasks, PipelineOf);
        return Task.Run(
            () =>
            {
                Dictionary<ImagePipeline, float[]> images = pipelines.Distinct().ToDictionary(p => p, p => p.ReadImage(encoded.Span));
                return Array.ConvertAll(pipelines, pipeline => new ReadOnlyMemory<float>(images[pipeline]));
            },
            cancellation);
    }

    private static TaskPrediction Mean(IReadOnlyList<string> tasks, TaskPrediction[] each)
    {
        ImmutableArray<float> mean =
            [.. Enumerable.Range(0, each[0].ClassNames.Length).Select(i => each.Average(prediction => prediction.Probabilities[i]))];
        return new TaskPrediction(string.Join('+', tasks), mean, each[0].ClassNames)
        {
            Batch = each.Max(prediction => prediction.Batch),
            IsMultiLabel = each[0].IsMultiLabel,
        };
    }

    /// <summary>The tasks of names; each is in use until it is released.</summary>
    private ServedTask[] Use(IReadOnlyList<string> tasks)
    {
        lock (_tasks)
        {
            ServedTask[] found = [.. tasks.Select(Find)];
            foreach (ServedTask task in found)
                task.Use();
            return found;
        }
    }

    private static void Release(IEnumerable<ServedTask> tasks)
    {
        foreach (ServedTask task in tasks)
            task.Release();
    }

    private ServedTask Find(string task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return _tasks.TryGetValue(task, out ServedTask? served)
            ? served
            : throw new ArgumentException($"There is no task {Quoted.Name(task)} among the {_tasks.Count} that are loaded.", nameof(task));
    }

    private static void RequireSameClasses(ServedTask[] tasks)
    {
        if (tasks.FirstOrDefault(task => task.IsMultiLabel != tasks[0].IsMultiLabel) is { } odd)
        {
            throw new ArgumentException(
                $"The tasks of an ensemble say things of one kind, but images of one of {Quoted.Name(tasks[0].Name)} and "
                + $"{Quoted.Name(odd.Name)} have one class, and those of the other can have several.",
                nameof(tasks));
        }

        if (tasks.FirstOrDefault(task => !task.ClassNames.SequenceEqual(tasks[0].ClassNames)) is { } other)
        {
            throw new ArgumentException(
                $"The tasks of an ensemble have the same classes, and those of {Quoted.Name(other.Name)} are others than those of "
                + $"{Quoted.Name(tasks[0].Name)}.",
                nameof(tasks));
        }
    }

    private void Require(ReadOnlySpan<float> image)
    {
        if (image.Length != ImageShape.Floats)
        {
            throw new ArgumentException(
                $"{Tuner.Model.Name} takes {ImageShape.Floats} floats an image ({ImageShape}); {image.Length} came.", nameof(image));
        }

        FinitePixels.Require(image, ImageShape);
    }

    private ImagePipeline PipelineOf(ServedTask task)
    {
        ImagePipeline pipeline = task.Pipeline ?? throw new ArgumentException(
            $"The task {Quoted.Name(task.Name)} does not say how image files are read: save it again by a tuner whose Pipeline is set, "
            + "or give the pixels.",
            nameof(task));
        return pipeline.Shape == ImageShape
            ? pipeline
            : throw new ArgumentException(
                $"The task {Quoted.Name(task.Name)} reads images as {pipeline.Shape}, but {Tuner.Model.Name} takes {ImageShape}.",
                nameof(task));
    }
}

/// <summary>The answer to one image, or what went wrong with its task alone.</summary>
internal readonly record struct PredictionResult(TaskPrediction? Prediction, Exception? Error);
