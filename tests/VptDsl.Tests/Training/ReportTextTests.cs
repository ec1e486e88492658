using System.Globalization;
using VptDsl.Data;
using VptDsl.Tasks;
using VptDsl.Training;
using VptDsl.Training.Recipes;

namespace VptDsl.Tests.Training;

/// <summary>What results say of themselves is a line of text, and the same one in every culture.</summary>
public class ReportTextTests
{
    private static readonly EpochReport Epoch = new()
    {
        Epoch = 2,
        TrainLoss = 0.5,
        TrainAccuracy = 0.75,
        ValidationLoss = 1.25,
        ValidationAccuracy = 0.5,
        LearningRate = 0.125,
        Seconds = 1.5,
        ImagesPerSecond = 1234,
    };

    public static TheoryData<object, string> Texts => new()
    {
        { Epoch, "epoch 2: loss 0.5000 accuracy 75.0 %, validation loss 1.2500 accuracy 50.0 %, rate 0.125, 1234 images/s" },
        {
            new FitReport
            {
                Epochs = [Epoch with { Epoch = 1, ValidationLoss = null }],
                BestEpoch = 1,
                StoppedEarly = false,
                Seconds = 2.5,
            },
            "best of 1 epochs: epoch 1: loss 0.5000 accuracy 75.0 %, rate 0.125, 1234 images/s; 2.5 s in all"
        },
        {
            new Evaluation { Accuracy = double.NaN, MeanLoss = -0.5, Count = 3, MeanIoU = 0.125, Confusion = new ConfusionMatrix(2) },
            "accuracy NaN % of 3 images, mean loss -0.5000, mIoU 12.5 %"
        },
        { new ConfusedPair(3, 12, 4567), "3 taken for 12: 4567" },
        { new Trial { LearningRate = 0.5, WeightDecay = 0.01, ValidationAccuracy = 0.125 }, "rate 0.5, decay 0.01: validation 12.50 %" },
        {
            new TaskInfo("[LinearHead(2)]", "abc", ["a", "b"]) { Pipeline = new ImagePipeline(new Normalization(0.5f, 0.25f)).Resize(28) },
            "2 classes (a, b); [LinearHead(2)]; images resize 28 bilinear | normalize 0.5 / 0.25"
        },
        { new TrainingDivergedException(1, 2, 0.5, "x."), "at learning rate 0.5: x." },
        {
            Assert.Throws<ArgumentException>(() => InOtherCulture(() => new Normalization(0.5f, -0.5f))),
            "channel 0 is -0.5: it must be above 0"
        },
        {
            Assert.Throws<ArgumentException>(() => InOtherCulture(() => new Normalization(float.NaN, 1))),
            "channel 0 is NaN: it must be finite"
        },
    };

    [Theory]
    [MemberData(nameof(Texts), DisableDiscoveryEnumeration = true)]
    public void Results_say_what_they_are(object result, string text) => Assert.Contains(
        text, InOtherCulture(() => result is Exception e ? e.Message : result.ToString()), StringComparison.Ordinal);

    private static T InOtherCulture<T>(Func<T> make)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = Cultures.OfOtherSigns;
            return make();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
