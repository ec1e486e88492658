using VptDsl.Data;
using VptDsl.Tests.Data.Golden;

namespace VptDsl.Tests.Data;

/// <summary>The usual ways to get a normalisation wrong are reported, and no right one is, not even for very dark or pale images.</summary>
public class NormalizationCheckTests
{
    public static TheoryData<Normalization> Right =>
    [
        Normalization.ImageNet,
        Normalization.Symmetric,
        new Normalization([0.286f], [0.353f]),
    ];

    [Theory]
    [MemberData(nameof(Right))]
    public void A_right_normalisation_is_left_alone(Normalization normalization)
    {
        Assert.Null(NormalizationCheck.Warning(Transforms.Vtab(32, normalization).ReadImage(GoldenFile.Path("wide.jpg"))));
        foreach (float ground in new[] { 0f, 1f })
        {
            // One pixel in fifty is not of the ground's colour.
            float[] image = [.. Enumerable.Range(0, 500).Select(i => normalization.Apply(0, i % 50 == 0 ? 1 - ground : ground))];
            Assert.Null(NormalizationCheck.Warning(image));
        }
    }

    [Fact]
    public void Wrong_ones_are_reported_with_what_they_look_like()
    {
        float[] plain = Transforms.Vtab(32, Normalization.None).ReadImage(GoldenFile.Path("wide.jpg"));
        float[] right = Transforms.Vtab(32).ReadImage(GoldenFile.Path("wide.jpg"));

        Assert.Contains("from 0 to 1 that were not normalised", NormalizationCheck.Warning(plain));
        Assert.Contains("from 0 to 255", Warning(plain, value => value * 255));
        Assert.Contains("normalised twice", Warning(right, value => (value - 0.456f) / 0.224f));
        Assert.Contains("divided by 255 twice", Warning(plain, value => ((value / 255) - 0.456f) / 0.224f));
        Assert.Contains("no finite numbers", Warning(plain, _ => float.NaN));
        Assert.Contains("mean 0.5", Warning([0.25f, 0.75f], value => value));
    }

    private static string? Warning(float[] image, Func<float, float> change) =>
        NormalizationCheck.Warning([.. image.Select(change)]);
}
