using Spectre.Console;
using VptDsl.Data;
using VptDsl.Programs;
using VptDsl.Training.Checkpoints;
using VptDsl.Training.Display;
using VptDsl.Training.Parallel;

namespace VptDsl.Training;

/// <summary>Trains, measures and uses a compiled program. <see cref="Tuner"/> is its public face.</summary>
internal static class Trainer
{
    /// <summary>Trains the trained parameters of a program, from the values they have now.</summary>
    /// <param name="program">The program.</param>
    /// <param name="train">The images to learn from.</param>
    /// <param name="validation">The images that choose the best epoch and stop the run; may be left out.</param>
    /// <param name="options">How to train.</param>
    /// <param name="cancellation">Stops the run between two steps; the parameters stay as the last step left them.</param>
    /// <exception cref="ArgumentException">A set does not fit the model, or an option makes no sense.</exception>
    /// <exception cref="TrainingDivergedException">
    /// A loss became NaN or infinite. If an epoch was kept (<see cref="FitOptions.KeepBest"/>), its parameters are put back first.
    /// </exception>
    /// <exception cref="OperationCanceledException">The run was cancelled; the message says where, and where it was saved to.</exception>
    /// <exception cref="IOException">Another run has the checkpoint, or it cannot be written.</exception>
    public static FitReport Fit(
        ModelProgram program, IImageSource train, IImageSource? validation, FitOptions options, CancellationToken cancellation = default) =>
        Fit(program, train, validation, options, console: null, cancellation);

    /// <summary>As the other overload, for a head that may have learned before.</summary>
    /// <param name="program">The program.</param>
    /// <param name="train">The images to learn from.</param>
    /// <param name="validation">The images that choose the best epoch and stop the run; may be left out.</param>
    /// <param name="options">How to train.</param>
    /// <param name="console">Where progress is shown; null for standard output.</param>
    /// <param name="cancellation">Stops the run between two steps.</param>
    /// <param name="warnings">What is said before the run.</param>
    /// <param name="classNames">The head's classes; null where it has no names yet.</param>
    /// <param name="begun">Called when the parameters are about to change, with the classes that the head has from then on.</param>
    public static FitReport Fit(
        ModelProgram program, IImageSource train, IImageSource? validation, FitOptions options, IAnsiConsole? console,
        CancellationToken cancellation = default, IReadOnlyList<string>? warnings = null, IReadOnlyList<string>? classNames = null,
        Action<IReadOnlyList<string>>? begun = null)
    {
        ArgumentNullException.ThrowIfNull(train);
        options.Validate(hasValidation: validation is not null);
        if (train.LabelsPerImage > 1 && !train.IsMultiLabel && options.Augmentation.Count > 0)
        {
            throw new ArgumentException(
                "FitOptions.Augmentation changes images alone, and their label maps would no longer fit: leave it out, and give the set a "
                + "pipeline that leaves something to chance (RandomCrop, RandomFlip), which changes both alike.");
        }

        train = SourceCheck.Accept(train, program, HeadClasses.Training, classNames);
        if (validation is not null)
            validation = SourceCheck.Accept(validation, program, "validation", train.ClassNames);

        if (options.ClassWeights is not null && program.Model.IsMultiLabel)
        {
            throw new ArgumentException(
                $"FitOptions.ClassWeights weighs images by their class, but images of {program.Model.Name} can have several: leave it out.",
                nameof(options));
        }

        if (options.ClassWeights is not null && program.Model.IsOfPixels)
        {
            throw new ArgumentException(
                $"FitOptions.ClassWeights weighs images, but {program.Model.Name} tells the classes of pixels: leave it out.",
                nameof(options));
        }

        if (options.ClassWeights is { } weights && weights.Values.Length != program.TaskClasses)
        {
            throw new ArgumentException(
                $"FitOptions.ClassWeights has {weights.Values.Length} weights, but the task of {program.Model.Name} has "
                + $"{ClassText.Count(program.TaskClasses)}: give one for each.",
                nameof(options));
        }

        RequireOneLabel(program, options.LabelSmoothing > 0, nameof(FitOptions.LabelSmoothing));
        RequireOneLabel(program, options.Mixup is not null, nameof(FitOptions.Mixup));
        if (options.Mixup is not null && program.Model.IsMultiLabel)
        {
            throw new ArgumentException(
                $"FitOptions.Mixup mixes the targets of images that have one class, but those of {program.Model.Name} can have several: "
                + "leave it out.", nameof(options));
        }

        if (options.LayerDecay is not null && !program.Model.Parameters.Any(p => p.Trained && p.Kind == ParameterKind.Backbone))
        {
            throw new ArgumentException(
                $"FitOptions.LayerDecay is for trained layers of the backbone, but {program.Model.Name} trains none: leave it out.",
                nameof(options));
        }

        int largest = Math.Min(options.LargestBatch, Math.Max(train.Count, validation?.Count ?? 0));
        ArrayRoom.RequireBatch(program, largest, $"{nameof(FitOptions)}.{nameof(FitOptions.BatchSize)}");
        if (options.Workers is JoiningWorkers group)
        {
            using var joined = new JoinedRun(
                new RunTerms(program, train, validation, options), group, () => begun?.Invoke(train.ClassNames), cancellation);
            return joined.Run();
        }

        using RunLock? held = options.Checkpoint is { } checkpoint ? RunLock.Take(checkpoint.Path) : null;
        program.ClassWeights = options.ClassWeights?.Values.AsMemory() ?? default;
        try
        {
            using var loop = new FitLoop(
                program, train, validation, options, cancellation, warnings, () => begun?.Invoke(train.ClassNames));
            return FitDisplay.Run(console, options.Progress, options.Epochs, loop.StepsPerEpoch, loop.Run);
        }
        finally
        {
            program.ClassWeights = default;
            program.SoftTargets = default;
        }
    }

    /// <summary>Measures a program on a set.</summary>
    /// <param name="program">The program.</param>
    /// <param name="source">The images to classify.</param>
    /// <param name="batchSize">Images computed at a time, at least 1. It changes nothing but time and memory.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <param name="classNames">The head's classes; null where it has no names.</param>
    /// <param name="scored">Called for each image, if wanted; images then have one label.</param>
    /// <exception cref="ArgumentException">The set does not fit the model.</exception>
    public static Evaluation Evaluate(
        ModelProgram program, IImageSource source, int batchSize = 64, CancellationToken cancellation = default,
        IReadOnlyList<string>? classNames = null, ImageScored? scored = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        source = SourceCheck.Accept(source, program, "evaluated", classNames);
        ArrayRoom.RequireBatch(program, Math.Min(batchSize, source.Count), nameof(batchSize));
        bool isOfPixels = program.Model.IsOfPixels, isMultiLabel = program.Model.IsMultiLabel;
        ConfusionMatrix? confusion = isMultiLabel ? null : new ConfusionMatrix(program.TaskClasses);
        LabelRanks? ranks = isOfPixels || isMultiLabel ? null : new LabelRanks(program.TaskClasses);
        MultiLabelScores? scores = isMultiLabel ? new MultiLabelScores(program.TaskClasses) : null;
        long noFeatures = 0;
        using var evaluator = new Evaluator(program, source, "evaluated", batchSize, ref noFeatures, ranks, scored);
        RunningMean mean = evaluator.Run(confusion, cancellation, scores);
        return new Evaluation
        {
            Accuracy = isOfPixels ? confusion!.Accuracy : mean.Accuracy,
            MeanLoss = mean.Loss,
            MeanIoU = isOfPixels ? confusion!.MeanIntersectionOverUnion : null,
            Count = source.Count,
            Confusion = confusion!,
            MultiLabel = scores,
            Ranks = ranks,
        };
    }

    /// <summary>Computes the probability of each class for images.</summary>
    /// <param name="program">The program.</param>
    /// <param name="images">[images, channels, height, width], normalised; any number of images.</param>
    /// <param name="batchSize">Images computed at a time, at least 1.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <returns>
    /// [images, classes], or [images, height, width, classes] where the model tells the class of each pixel; each row sums to 1, unless
    /// images can have several classes.
    /// </returns>
    /// <exception cref="ArgumentException"><paramref name="images"/> is not a whole number of images.</exception>
    public static float[] Predict(
        ModelProgram program, ReadOnlySpan<float> images, int batchSize = 64, CancellationToken cancellation = default)
    {
        int classes = program.TaskClasses, rows = program.Model.IsOfPixels ? program.Model.LabelsPerImage : 1;
        float[] probabilities = ForEachBatch(
            program, images, rows == 1 ? batchSize : 1, (long)classes * rows, program.ReadLogits, cancellation);
        for (int i = 0; i < probabilities.Length / classes; i++)
        {
            Span<float> row = probabilities.AsSpan(i * classes, classes);
            ClassScores.Probabilities(row, row, program.Model.IsMultiLabel);
        }

        return probabilities;
    }

    /// <summary>Computes what the head reads of images.</summary>
    /// <param name="program">The program.</param>
    /// <param name="images">[images, channels, height, width], normalised; any number of images.</param>
    /// <param name="batchSize">Images computed at a time, at least 1.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <returns>[images, width].</returns>
    /// <exception cref="ArgumentException"><paramref name="images"/> is not a whole number of images.</exception>
    public static float[] Embed(
        ModelProgram program, ReadOnlySpan<float> images, int batchSize = 64, CancellationToken cancellation = default) =>
        ForEachBatch(program, images, batchSize, program.EmbeddingFloats, program.ReadEmbeddings, cancellation);

    private static void RequireOneLabel(ModelProgram program, bool isAsked, string option)
    {
        if (isAsked && program.Model.IsOfPixels)
        {
            throw new ArgumentException(
                $"FitOptions.{option} changes targets of whole images, but {program.Model.Name} tells the classes of pixels: leave it out.",
                "options");
        }
    }

    /// <summary>Runs inference batch by batch and gathers what it leaves of each image.</summary>
    private static float[] ForEachBatch(
        ModelProgram program, ReadOnlySpan<float> images, int batchSize, long floats, ReadResult read, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        int imageFloats = program.Model.ImageFloats;
        if (images.Length % imageFloats != 0)
        {
            throw new ArgumentException(
                $"{program.Model.Name} takes {imageFloats} floats an image ({SourceCheck.ShapeOf(program.Model)}), " +
                $"but {images.Length} floats are not a whole number of images.", nameof(images));
        }

        int count = images.Length / imageFloats;
        int total = ArrayRoom.RequireResults(count, floats, nameof(images));
        FinitePixels.Require(images, SourceCheck.ShapeOf(program.Model));
        float[] results = new float[total];
        int each = (int)floats;
        int largest = Math.Min(batchSize, count), labelsPerImage = program.LabelsOfImage;
        int[] labels = new int[largest * labelsPerImage];
        for (int first = 0; first < count; first += largest)
        {
            int batch = Math.Min(largest, count - first);
            cancellation.ThrowIfCancellationRequested();
            using DeviceTurn turn = program.TakeTurn();
            program.SetBatch(images.Slice(first * imageFloats, batch * imageFloats), labels.AsSpan(0, batch * labelsPerImage));
            program.Infer();
            read(results.AsSpan(first * each, batch * each));
        }

        return results;
    }

    private delegate void ReadResult(Span<float> destination);
}
