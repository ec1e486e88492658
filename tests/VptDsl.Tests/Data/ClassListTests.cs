using VptDsl.Data;
using VptDsl.Tests.Training;
using VptDsl.Training;

namespace VptDsl.Tests.Data;

/// <summary>Classes that have no name, or share one, are found where their list comes in.</summary>
public sealed class ClassListTests
{
    private static readonly FitOptions Options = new() { Epochs = 1, Progress = ProgressDisplay.Off };

    [Theory]
    [InlineData("9", "9")]
    [InlineData("e\u0301", "\u00e9")]
    public void A_name_given_twice_is_refused_before_a_folder_is_read(string first, string second)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => ImageFolder.Read("nowhere", Transforms.Vtab(8), ["a", first, second]));

        Assert.Equal("classNames", error.ParamName);
        Assert.Contains($"\"{second}\" is given twice, to classes 1 and 2", error.Message);
    }

    [Fact]
    public void Lists_in_which_a_class_has_no_name_are_refused()
    {
        string[] names = ["a", null!];
        ImagePipeline pipeline = Transforms.Vtab(8);
        var grey = new Normalization(0, 1);

        foreach (Action act in new Action[]
        {
            () => ImageFolder.Read("nowhere", pipeline, names),
            () => ListFile.Read("nowhere", pipeline, classNames: names),
            () => IdxFile.ReadImages("nowhere", "nowhere", grey, names),
            () => IdxFile.ReadImages("nowhere", "nowhere", pipeline, names),
            () => SegmentationFolder.Read("nowhere", "training", pipeline, names),
            () => ImageSet.FromFloats(new ImageShape(1, 1, 1), [], [], names),
            () => ImageSet.FromGrayBytes(1, 1, [], [], names, grey),
        })
        {
            ArgumentException error = Assert.Throws<ArgumentException>(act);
            Assert.Equal("classNames", error.ParamName);
            Assert.Contains("class 1", error.Message);
        }
    }

    [Fact]
    public void Sets_whose_classes_cannot_be_told_apart_are_not_learnt_from()
    {
        using var program = new SoftmaxRegression(1, 2);

        Assert.Contains("training set", Error(new OddSource(1, null!, 0)));
        Assert.Contains("ClassNames are null", Error(new OddSource(1, null!, 0)));
        Assert.Contains("name of class 0 is null", Error(new OddSource(1, [null!, "b"], 0)));
        Assert.Contains("\"9\" is given twice", Error(new OddSource(1, ["9", "9"], 0)));
        Assert.Contains("says that it has -3 images", Error(new OddSource(-3, ["a", "b"])));
        Assert.Contains(
            "ClassNames are null", Assert.Throws<ArgumentException>(() => Trainer.Evaluate(program, new OddSource(1, null!, 0))).Message);

        string Error(IImageSource source) =>
            Assert.Throws<ArgumentException>(() => Trainer.Fit(program, source, null, Options)).Message;
    }
}
