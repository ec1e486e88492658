using Study;
using VptDsl.Data;

namespace VptDsl.Tests.Samples;

/// <summary>Methods are compared on the study's tasks: what one of them gives away, or shows twice, no report can mend.</summary>
public class StudyTaskTests
{
    private static readonly string DataFolder = Path.Combine(AppContext.BaseDirectory, "data");

    public static TheoryData<string> Names => [.. StudyTask.All.Select(task => task.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_task_has_as_many_images_of_each_class(string name)
    {
        (ImageSet labelled, ImageSet test) = Read(name);

        Assert.Equal(StudyTask.Classes, labelled.ClassNames.Count);
        Assert.Equal(labelled.ClassNames, test.ClassNames);
        Assert.Equal(Enumerable.Repeat(100, StudyTask.Classes), CountByClass(labelled));
        Assert.Equal(Enumerable.Repeat(300, StudyTask.Classes), CountByClass(test));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_image_of_a_task_occurs_twice(string name)
    {
        (ImageSet labelled, ImageSet test) = Read(name);

        string[] all = [.. Images(labelled), .. Images(test)];

        Assert.Equal(all.Length, all.Distinct().Count());
    }

    [Fact]
    public void There_is_a_task_of_each_kind() =>
        Assert.Equal(Enum.GetValues<TaskKind>(), StudyTask.All.Select(task => task.Kind));

    [Fact]
    public void The_same_seed_draws_the_same_images()
    {
        var normalization = new Normalization(mean: 0, deviation: 1);

        ImageSet few = PositionRenderer.Draw(10, seed: 5, normalization), more = PositionRenderer.Draw(20, seed: 5, normalization);

        Assert.Equal(Images(few), Images(more).Take(10));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public void A_figure_lies_as_its_angle_says(double power)
    {
        for (int degrees = 0; degrees < 180; degrees += 6)
        {
            var figure = new LongFigure(X: 13.3, Y: 14.8, Length: 10, Width: 4, Angle: Math.PI * degrees / 180, power);

            double difference = Math.Abs(DegreesOf(figure) - degrees);

            Assert.InRange(Math.Min(difference, 180 - difference), 0, 1.5);
        }
    }

    /// <summary>The direction in which a figure's pixels scatter most, from 0 to 180.</summary>
    private static double DegreesOf(LongFigure figure)
    {
        double xx = 0, yy = 0, xy = 0;
        for (int y = 0; y < 28; y++)
        {
            for (int x = 0; x < 28; x++)
            {
                double coverage = figure.Coverage(x, y), right = x + 0.5 - figure.X, up = figure.Y - y - 0.5;
                xx += coverage * right * right;
                yy += coverage * up * up;
                xy += coverage * right * up;
            }
        }

        return (180 + (90 / Math.PI * Math.Atan2(2 * xy, xx - yy))) % 180;
    }

    private static (ImageSet Labelled, ImageSet Test) Read(string name) =>
        StudyTask.All.Single(task => task.Name == name).ReadAll(DataFolder);

    private static IEnumerable<int> CountByClass(ImageSet set) =>
        Enumerable.Range(0, set.Count).CountBy(set.Label).OrderBy(c => c.Key).Select(c => c.Value);

    private static IEnumerable<string> Images(ImageSet set) => Enumerable.Range(0, set.Count).Select(i =>
    {
        float[] image = new float[set.Shape.Floats];
        set.CopyImage(i, image);
        return string.Join(' ', image);
    });
}
