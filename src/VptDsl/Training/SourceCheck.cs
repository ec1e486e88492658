using VptDsl.Data;
using VptDsl.Programs;

namespace VptDsl.Training;

/// <summary>Checks that a set of images fits a model before anything is computed.</summary>
internal static class SourceCheck
{
    /// <summary>The shape of the images that a model takes.</summary>
    public static ImageShape ShapeOf(ModelDescription model) => new(model.Channels, model.ImageSize.Height, model.ImageSize.Width);

    /// <summary>Takes a set that fits the model.</summary>
    /// <param name="source">The set.</param>
    /// <param name="program">The model, and how many classes its task has.</param>
    /// <param name="role">What the set is for, as in "the training set".</param>
    /// <param name="classNames">The head's classes; null where it has no names yet.</param>
    /// <returns>The set with the head's labels.</returns>
    /// <exception cref="ArgumentException">The set is empty, or its images' shape, labels or classes are not the model's.</exception>
    public static IImageSource Accept(IImageSource source, ModelProgram program, string role, IReadOnlyList<string>? classNames)
    {
        ModelDescription model = program.Model;
        if (source.Count <= 0)
        {
            throw new ArgumentException(source.Count == 0
                ? $"The {role} set has no images."
                : $"The {role} set says that it has {source.Count} images: its {nameof(source.Count)} must be their number.");
        }

        ImageShape expected = ShapeOf(model);
        if (source.Shape != expected)
        {
            throw new ArgumentException(
                $"The {role} set has images of shape {source.Shape}, but {model.Name} takes {expected}: " +
                "resize the images or declare the model for them.");
        }

        if (source.IsMultiLabel != model.IsMultiLabel)
        {
            throw new ArgumentException(model.IsMultiLabel
                ? $"Images of the {role} set have one class or label map each, but {model.Name} is declared with MultiLabel = true: give a "
                    + $"set whose images have several classes, for instance of {nameof(MultiLabelFile)}, or take MultiLabel out."
                : $"Images of the {role} set have several classes, but {model.Name} tells one class of an image: declare its head with "
                    + "MultiLabel = true, or give a set with one class for each image.");
        }

        if (!model.IsMultiLabel && source.LabelsPerImage != model.LabelsPerImage)
        {
            throw new ArgumentException(model.LabelsPerImage == 1
                ? $"The {role} set has label maps, but {model.Name} tells the class of whole images: "
                    + "declare [SegmentationHead], or give a set with one class for each image."
                : $"The {role} set has one class for each image, but {model.Name} tells the class of each pixel: "
                    + "give a set with label maps, for instance of SegmentationFolder.");
        }

        int[]? labels = HeadClasses.Labels(source.ClassNames, program, classNames, role);
        if (model.IsMultiLabel)
        {
            RequireHasOrHasNot(source, role);
            return labels is null ? source : new ReorderedClasses(source, labels, classNames!);
        }

        int classes = labels?.Length ?? program.TaskClasses;
        for (int i = 0; i < source.Count; i++)
        {
            int label = source.Label(i);
            if ((uint)label >= (uint)classes)
            {
                throw new ArgumentException(
                    $"Image {i} of the {role} set has label {label}, but {(labels is null ? $"the task of {model.Name}" : "the set")} has "
                    + $"{ClassText.Count(classes)}, labels 0 to {classes - 1}: correct the label, or name a class for each label where the "
                    + "set is read (classNames).");
            }
        }

        return labels is null ? source : new RelabelledSource(source, labels, classNames!, model.IgnoredLabel);
    }

    private static void RequireHasOrHasNot(IImageSource source, string role)
    {
        if (source.LabelsPerImage != source.ClassNames.Count)
        {
            throw new ArgumentException(
                $"Images of the {role} set have {source.LabelsPerImage} labels, but there are {ClassText.Count(source.ClassNames.Count)}: "
                + $"{nameof(source.LabelsPerImage)} must be one for each.");
        }

        int[] labels = new int[source.LabelsPerImage];
        for (int i = 0; i < source.Count; i++)
        {
            source.CopyLabels(i, labels);
            if (labels.AsSpan().IndexOfAnyExceptInRange(0, 1) is >= 0 and var label)
            {
                throw new ArgumentException(
                    $"Image {i} of the {role} set has label {labels[label]} for class {label}: "
                    + "write 1 where it has the class, 0 where not.");
            }
        }
    }
}
