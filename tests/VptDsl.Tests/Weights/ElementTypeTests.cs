using VptDsl.Programs;
using VptDsl.Weights;

namespace VptDsl.Tests.Weights;

/// <summary>
/// Types of elements that are not read are called what they are where a tensor of them is needed, and do no harm elsewhere.
/// </summary>
public sealed class ElementTypeTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ModelDescription _model = SmallVit.Describe() with
    {
        Parameters = [new ParameterDescription("w", [2], ParameterKind.Backbone, false, 0, default)],
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("F8_E4M3", 2)]
    [InlineData("F8_E5M2", 2)]
    [InlineData("F8_E8M0", 2)]
    [InlineData("F6_E3M2", 2)]
    [InlineData("F4", 1)]
    [InlineData("F5_OF_THE_FUTURE", 2)]
    public void A_needed_tensor_is_refused_by_the_name_of_its_type(string type, int bytes)
    {
        string path = Write($$$"""{"w":{"dtype":"{{{type}}}","shape":[2],"data_offsets":[0,{{{bytes}}}]}}""", bytes);

        WeightFileException refused = Assert.Throws<WeightFileException>(() => BackboneLoader.Load(path, _model, (_, _) => { }));

        Assert.Contains(
            $"1 of a type that is not read (16-, 32- and 64-bit floats are): w is \"{type}\"", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("F8_E4M3", 2)]
    [InlineData("F8_E8M0", 2)]
    [InlineData("F4", 1)]
    public void One_that_nothing_needs_does_no_harm(string type, int bytes)
    {
        string path = Write(
            $$$"""{"head.weight":{"dtype":"{{{type}}}","shape":[2],"data_offsets":[0,{{{bytes}}}]},"w":"""
                + $$$"""{"dtype":"F32","shape":[2],"data_offsets":[{{{bytes}}},{{{bytes + 8}}}]}}""",
            bytes + 8);

        Assert.Equal("head.weight", Assert.Single(BackboneLoader.Load(path, _model, (_, _) => { }).Ignored));
    }

    private string Write(string header, int bytes) => _folder.Write("f.safetensors", RawSafetensors.Build(header, new byte[bytes]));
}
