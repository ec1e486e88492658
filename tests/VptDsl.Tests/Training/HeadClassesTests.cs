using VptDsl.Data;
using VptDsl.Tests.Training.Recipes;
using VptDsl.Training;

namespace VptDsl.Tests.Training;

/// <summary>
/// A set's classes are the head's: as many in its order, or found by name. Otherwise labels would mean other classes in silence.
/// </summary>
public class HeadClassesTests
{
    private static readonly FitOptions Options = new() { Epochs = 3, BatchSize = 6, BaseLearningRate = 5, Progress = ProgressDisplay.Off };

    private static readonly ImageSet Train = ToySets.BrightRows(30, seed: 1), Test = ToySets.BrightRows(12, seed: 2);

    [Fact]
    public void Fewer_classes_than_the_heads_are_refused_where_nobody_knows_which()
    {
        using var program = new SoftmaxRegression(3, 5);

        string message = Assert.Throws<ArgumentException>(() => Trainer.Fit(program, Train, null, Options)).Message;

        Assert.StartsWith(
            "The training set has 3 classes (top, middle, bottom), but the head of Toy tells 5 classes apart: call ResetHead(3)",
            message, StringComparison.Ordinal);
        Assert.Empty(program.Batches);
    }

    [Theory]
    [InlineData("bottom", "top", "middle")]
    [InlineData("bottom")]
    [InlineData("middle", "bottom")]
    public void Classes_are_found_by_name_in_any_order_and_may_be_fewer(params string[] names)
    {
        using Tuner tuner = Trained();
        Evaluation expected = tuner.Evaluate(Only(Test, [.. Train.ClassNames.Where(names.Contains)]));

        Evaluation actual = tuner.Evaluate(Only(Test, names));

        Assert.Equal(expected.Accuracy, actual.Accuracy);
        Assert.InRange(actual.Accuracy, 0.7, 1);
        for (int i = 0; i < 9; i++)
            Assert.Equal(expected.Confusion[i / 3, i % 3], actual.Confusion[i / 3, i % 3]);
    }

    [Fact]
    public void A_validation_set_may_have_some_of_the_training_sets_classes()
    {
        using Tuner tuner = Trained(), other = Trained();

        EpochReport expected = tuner.Fit(Train, Only(Test, ["top", "bottom"]), Options).Epochs[0];
        EpochReport actual = other.Fit(Train, Only(Test, ["bottom", "top"]), Options).Epochs[0];

        Assert.Equal(expected.ValidationAccuracy, actual.ValidationAccuracy);
        Assert.InRange(actual.ValidationAccuracy!.Value, 0.7, 1);
    }

    [Fact]
    public void A_task_may_be_tuned_further_on_some_of_its_classes()
    {
        using Tuner tuner = Trained();

        tuner.Fit(Only(Train, ["bottom", "top"]), null, Options);

        Assert.Equal(["top", "middle", "bottom"], tuner.ClassNames);
        Assert.InRange(tuner.Evaluate(Only(Test, ["top", "bottom"])).Accuracy, 0.7, 1);
    }

    [Fact]
    public void Fewer_classes_of_other_names_are_refused_with_both_lists()
    {
        using Tuner tuner = Trained();

        string message = Assert.Throws<ArgumentException>(() => tuner.Evaluate(Only(Test, ["top", "bottom"], "top", "ceiling"))).Message;

        Assert.StartsWith(
            "The evaluated set has 2 classes (top, ceiling), but the head of Toy tells 3 classes (top, middle, bottom) apart: name ",
            message, StringComparison.Ordinal);
    }

    [Fact]
    public void As_many_classes_of_which_some_are_the_heads_are_refused_and_a_head_may_be_tuned_on_them()
    {
        using Tuner tuner = Trained();
        ImageSet mixed = Only(Test, ["top", "bottom", "middle"], "top", "bottom", "ceiling");

        string message = Assert.Throws<ArgumentException>(() => tuner.Evaluate(mixed)).Message;

        Assert.StartsWith(
            "The evaluated set has classes that the head of Toy has too, but also 1 class (ceiling); the head has 3 classes (top, middle, "
                + "bottom): ",
            message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => tuner.Fit(Train, mixed, Options));
        tuner.Fit(mixed, null, Options);
        Assert.Equal(["top", "bottom", "ceiling"], tuner.ClassNames);
    }

    [Fact]
    public void Classes_of_one_name_are_refused_wherever_a_set_is_used()
    {
        using Tuner tuner = Trained();
        ImageSet repeated = Only(Test, ["top", "middle", "bottom"], "top", "top", "bottom");
        ImageSet others = Only(Test, ["top", "middle", "bottom"], "x", "y", "x");

        foreach ((string role, Action use) in new (string, Action)[]
        {
            ("evaluated", () => tuner.Evaluate(repeated)),
            ("evaluated", () => tuner.Evaluate(others)),
            ("validation", () => tuner.Fit(Train, repeated, Options)),
            ("training", () => tuner.Fit(repeated, null, Options)),
        })
        {
            Assert.StartsWith(
                $"The classes of the {role} set cannot be told apart: class name \"", Assert.Throws<ArgumentException>(use).Message,
                StringComparison.Ordinal);
        }

        Assert.Contains(
            "\"top\" is given twice, to classes 0 and 1", Assert.Throws<ArgumentException>(() => tuner.Evaluate(repeated)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_two_classes_of_the_head_share_stands_for_neither()
    {
        using var program = new SoftmaxRegression(3, 3);
        Assert.Null(HeadClasses.Labels(["x", "y", "z"], program, ["a", "a", "b"], "evaluated"));
        Assert.Throws<ArgumentException>(() => HeadClasses.Labels(["a"], program, ["a", "a", "b"], "evaluated"));
        Assert.Throws<ArgumentException>(() => HeadClasses.Labels(["a", "b", "c"], program, ["a", "a", "b"], "evaluated"));
    }

    [Fact]
    public void A_fit_that_takes_no_step_leaves_the_classes_as_they_were()
    {
        using Tuner tuner = Trained();
        ImageSet other = Only(Train, ["top", "middle", "bottom"], "x", "y", "z");

        Assert.Throws<ArgumentOutOfRangeException>(() => tuner.Fit(other, null, Options with { Epochs = 0 }));
        Assert.Throws<OperationCanceledException>(() => tuner.Fit(other, null, Options, new CancellationToken(canceled: true)));
        Assert.Equal(["top", "middle", "bottom"], tuner.ClassNames);

        tuner.Fit(other, null, Options);
        Assert.Equal(["x", "y", "z"], tuner.ClassNames);
    }

    [Fact]
    public void As_many_classes_of_other_names_are_taken_in_the_heads_order()
    {
        using Tuner tuner = Trained();

        Assert.Equal(tuner.Evaluate(Test).Accuracy, tuner.Evaluate(Only(Test, ["top", "middle", "bottom"], "0", "1", "2")).Accuracy);
    }

    [Fact]
    public void Accents_are_the_same_however_they_are_composed()
    {
        using var program = new SoftmaxRegression(3, 2);
        int[]? labels = HeadClasses.Labels(["cafe\u0301"], program, ["bar", "caf\u00E9"], "evaluated");
        Assert.NotNull(labels);
        Assert.Equal([1], labels);
    }

    [Fact]
    public void An_ignored_pixel_stays_ignored()
    {
        int[] labels = [0, 255, 1];
        RelabelledSource.Replace(labels, [2, 0], ignored: 255);
        Assert.Equal([2, 255, 0], labels);
    }

    /// <summary>The head's third class has that number, and is none of the two that the set names.</summary>
    [Fact]
    public void A_label_without_a_name_is_no_class_of_the_head()
    {
        var error = Assert.Throws<ArgumentException>(() => RelabelledSource.Replace([1, 2], [2, 0], ignored: 255));
        Assert.StartsWith("There is a label 2, but the set has 2 classes, labels 0 to 1", error.Message, StringComparison.Ordinal);
    }

    private static ToyTuner Trained()
    {
        var tuner = new ToyTuner(Device.Cpu(threads: 1), seed: 0);
        tuner.Fit(Train, null, Options);
        return tuner;
    }

    /// <summary>The images of some classes, which count in the order that they are named here.</summary>
    private static ImageSet Only(ImageSet set, string[] classes, params string[] otherNames)
    {
        int[] kept = [.. Enumerable.Range(0, set.Count).Where(i => classes.Contains(set.ClassNames[set.Label(i)]))];
        float[] images = new float[kept.Length * set.Shape.Floats];
        for (int i = 0; i < kept.Length; i++)
            set.CopyImage(kept[i], images.AsSpan(i * set.Shape.Floats, set.Shape.Floats));
        int[] labels = [.. kept.Select(i => Array.IndexOf(classes, set.ClassNames[set.Label(i)]))];
        return ImageSet.FromFloats(set.Shape, images, labels, otherNames.Length == 0 ? classes : otherNames);
    }
}
