using VptDsl.Data;

namespace VptDsl.Tests.Data.Golden;

/// <summary>Whole pipelines give the floats of torchvision, to the bit.</summary>
public class PipelineGoldenTests
{
    [Theory]
    [InlineData("wide.jpg", "fgvc-test-35")]
    [InlineData("tall.jpg", "fgvc-test-35")]
    [InlineData("wide.jpg", "vtab-32")]
    [InlineData("wide.jpg", "vtab-bicubic-32")]
    [InlineData("wide.jpg", "grey-32")]
    public void Every_float_is_torchvisions(string image, string name)
    {
        ImagePipeline pipeline = name switch
        {
            "fgvc-test-35" => Transforms.FgvcTest(35),
            "vtab-32" => Transforms.Vtab(32),
            "vtab-bicubic-32" => Transforms.Vtab(32, Normalization.Symmetric, Interpolation.Bicubic),
            _ => Transforms.Vtab(32, new Normalization(0.286f, 0.353f)),
        };

        float[] expected = GoldenFile.Floats($"{Path.GetFileNameWithoutExtension(image)}.{name}.f32");

        Assert.Equal(expected, pipeline.ReadImage(GoldenFile.Path(image)));
    }
}
