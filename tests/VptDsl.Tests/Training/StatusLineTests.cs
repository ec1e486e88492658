using VptDsl.Training;
using VptDsl.Training.Display;

namespace VptDsl.Tests.Training;

/// <summary>The bar's line fits terminals of any width, and gives up what matters least.</summary>
public class StatusLineTests
{
    [Theory]
    [InlineData(199, 40, " 45 %  epoch 12/100  loss 0.1234  accuracy 88.0 %  validation 91.2 %  1235 images/s  27:04:09 left")]
    [InlineData(79, 11, " 45 %  epoch 12/100  loss 0.1234  validation 91.2 %  27:04:09 left")]
    [InlineData(39, 0, " 45 %  epoch 12/100  loss 0.1234")]
    [InlineData(19, 0, " 45 %  epoch 12/100")]
    [InlineData(3, 0, " 45 %")]
    public void As_much_is_said_as_there_is_room_for(int width, int bar, string text)
    {
        var line = new StatusLine();
        line.EpochEnded(new EpochReport
        {
            Epoch = 11,
            TrainLoss = 1,
            TrainAccuracy = 1,
            ValidationAccuracy = 0.912,
            LearningRate = 1,
            Seconds = 1,
            ImagesPerSecond = 1,
        });
        line.StepEnded(new FitStatus(12, 3, 0.1234, 0.88, 1235));
        Assert.Equal((bar, text), line.Arrange(width, 100, 0.451, new TimeSpan(1, 3, 4, 9)));
    }

    [Fact]
    public void Before_the_first_step_there_is_little_to_say() =>
        Assert.Equal((40, "  0 %"), new StatusLine().Arrange(80, 100, 0, left: null));
}
