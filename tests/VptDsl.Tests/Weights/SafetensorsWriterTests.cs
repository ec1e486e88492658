using System.Text;
using VptDsl.Weights;

namespace VptDsl.Tests.Weights;

public sealed class SafetensorsWriterTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_bytes_are_those_of_the_format()
    {
        string path = _folder.Path("f");

        SafetensorsWriter.Write(
            path, [new("b", [2], [1, 2]), new("a", [], [3])], new Dictionary<string, string> { ["z"] = "1", ["y"] = "é\"" });

        const string Header =
            """{"__metadata__":{"y":"é\"","z":"1"},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"b":"""
            + """{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""";
        int padding = -Encoding.UTF8.GetByteCount(Header) & 7;
        Assert.Equal(RawSafetensors.Build(Header + new string(' ', padding), RawSafetensors.Floats(3, 1, 2)), File.ReadAllBytes(path));
    }

    [Fact]
    public void What_was_written_is_read()
    {
        string path = _folder.Path("f");
        float[] values = [.. Enumerable.Range(0, 24).Select(i => MathF.Sin(i)), float.NaN, -0f];
        var metadata = new Dictionary<string, string> { ["line"] = "a\nb", ["空"] = "\u0001" };

        SafetensorsWriter.Write(path, [new("blocks.0.ä", [2, 13], values), new("none", [0, 5], [])], metadata);

        using var file = SafetensorsFile.Open(path);
        Assert.Equal(values, file.ReadFloats("blocks.0.ä"));
        Assert.Equal<long>([2, 13], file.Find("blocks.0.ä").Shape);
        Assert.Empty(file.ReadFloats("none"));
        Assert.Equal(metadata, file.Metadata.ToDictionary());
    }

    [Fact]
    public void Order_of_tensors_and_metadata_does_not_change_the_bytes()
    {
        TensorToWrite[] tensors = [new("a", [1], [1]), new("B", [1], [2]), new("ä", [1], [3])];

        SafetensorsWriter.Write(_folder.Path("1"), tensors, new Dictionary<string, string> { ["k"] = "1", ["l"] = "2" });
        SafetensorsWriter.Write(_folder.Path("2"), tensors.Reverse(), new Dictionary<string, string> { ["l"] = "2", ["k"] = "1" });

        Assert.Equal(File.ReadAllBytes(_folder.Path("1")), File.ReadAllBytes(_folder.Path("2")));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(12)]
    [InlineData(333)]
    public void Data_start_at_a_multiple_of_8_bytes(int nameLength)
    {
        string path = _folder.Path("f");

        SafetensorsWriter.Write(path, [new(new string('n', nameLength), [1], [1])]);

        Assert.Equal(0, (new FileInfo(path).Length - sizeof(float)) % 8);
    }

    [Fact]
    public void Two_tensors_of_one_name_are_refused() =>
        AssertRefused("Two tensors are called 'a'", new("a", [1], [1]), new("a", [1], [2]));

    [Fact]
    public void The_reserved_name_is_refused() => AssertRefused("keeps that name", new TensorToWrite("__metadata__", [1], [1]));

    [Fact]
    public void Values_that_do_not_fill_their_shape_are_refused() =>
        AssertRefused("has 6 elements, but 5 values", new("a", [1], [1]), new("b", [2, 3], [1, 2, 3, 4, 5]));

    private void AssertRefused(string problem, params TensorToWrite[] tensors)
    {
        Assert.Contains(problem, Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(_folder.Path("f"), tensors)).Message);
        Assert.Empty(_folder.Files);
    }
}
