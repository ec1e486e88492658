using System.Text;
using VptDsl.Weights;

namespace VptDsl.Tests.Weights;

/// <summary>Each rule of the format, broken on purpose: one exception that says which tensor and what.</summary>
public sealed class HostileFileTests : IDisposable
{
    private const string Good = "\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "not a JSON object")]
    [InlineData("[]", "not a JSON object")]
    [InlineData(" {}", "not a JSON object")]
    [InlineData("null", "not a JSON object")]
    [InlineData("{", "not valid JSON")]
    [InlineData("{}{}", "not valid JSON")]
    [InlineData("{},", "not valid JSON")]
    [InlineData("{}\0", "not valid JSON")]
    [InlineData("""{"a":1,}""", "not an object")]
    [InlineData("""{"a":[]}""", "not an object")]
    [InlineData("""{"a":null}""", "not an object")]
    [InlineData("""{"\ud800":{}}""", "not valid Unicode")]
    [InlineData("""{"a":{"dtype":"\ud800"}}""", "not valid Unicode")]
    [InlineData("""{"__metadata__":[]}""", "not an object of strings")]
    [InlineData("""{"__metadata__":{"x":1}}""", "\"x\" is not a string")]
    [InlineData("""{"__metadata__":{"x":"","x":""}}""", "lists \"x\" twice")]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""", "listed twice")]
    public void A_broken_header_is_an_error(string header, string problem) => AssertBroken(header, problem);

    [Theory]
    [InlineData("""{"t":{GOOD},"t":{GOOD}}""", "listed twice")]
    [InlineData("""{"t":{GOOD},"\u0074":{GOOD}}""", "listed twice")]
    [InlineData("""{"t":{"shape":[1],"data_offsets":[0,4]}}""", "dtype is missing")]
    [InlineData("""{"t":{"dtype":"F32","data_offsets":[0,4]}}""", "shape is missing")]
    [InlineData("""{"t":{"dtype":"F32","shape":[1]}}""", "data_offsets is missing")]
    [InlineData("""{"t":{GOOD,"dtype":"F32"}}""", "dtype is given twice")]
    [InlineData("""{"t":{GOOD,"shape":[1]}}""", "shape is given twice")]
    [InlineData("""{"t":{GOOD,"data_offsets":[0,4]}}""", "data_offsets is given twice")]
    [InlineData("""{"t":{"dtype":32,"shape":[1],"data_offsets":[0,4]}}""", "dtype is not a string")]
    [InlineData("""{"t":{"dtype":"F32","shape":1,"data_offsets":[0,4]}}""", "shape is not a list")]
    [InlineData("""{"t":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", "shape holds something other")]
    [InlineData("""{"t":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}""", "shape holds something other")]
    [InlineData("""{"t":{"dtype":"F32","shape":[1e0],"data_offsets":[0,4]}}""", "shape holds something other")]
    [InlineData("""{"t":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}""", "shape holds something other")]
    [InlineData("""{"t":{"dtype":"F32","shape":[[1]],"data_offsets":[0,4]}}""", "shape holds something other")]
    [InlineData("""{"t":{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,4]}}""", "shape holds something other")]
    [InlineData("""{"t":{"dtype":"F32","shape":[9223372036854775807],"data_offsets":[0,4]}}""", "impossibly large")]
    [InlineData("""{"t":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", "impossibly large")]
    [InlineData("""{"t":{"dtype":"F32","shape":[4611686018427387905],"data_offsets":[0,4]}}""", "impossibly large")]
    [InlineData("""{"t":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", "1 numbers instead of 2")]
    [InlineData("""{"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}""", "3 numbers instead of 2")]
    [InlineData("""{"t":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", "after their end")]
    [InlineData("""{"t":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", "data_offsets holds something other")]
    [InlineData("""{"t":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "takes 8 bytes, but its data_offsets span 4")]
    [InlineData("""{"t":{"dtype":"F16","shape":[1],"data_offsets":[0,4]}}""", "takes 2 bytes, but its data_offsets span 4")]
    [InlineData("""{"t":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "data end at byte 8, but the file has only 4")]
    [InlineData("""{"t":{"dtype":"U8","shape":[9223372036854775807],"data_offsets":[0,9223372036854775807]}}""", "but the file has only 4")]
    [InlineData("""{"a":{GOOD},"t":{GOOD}}""", "overlap those of \"a\"")]
    [InlineData("""{"a":{GOOD},"t":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""", "overlap those of \"a\"")]
    [InlineData("""{"a":{GOOD},"t":{"dtype":"U8","shape":[0],"data_offsets":[2,2]}}""", "overlap those of \"a\"")]
    [InlineData("""{"t":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""", "2 bytes before its data belong to no tensor")]
    public void A_broken_entry_is_an_error_that_names_its_tensor(string header, string problem)
    {
        var error = AssertBroken(header, problem);

        Assert.Equal("t", error.Tensor);
        Assert.Contains("tensor \"t\"", error.Message);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"t":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""")]
    public void Bytes_after_the_last_tensor_are_an_error(string header) => AssertBroken(header, "at the end belong to no tensor");

    [Fact]
    public void A_header_that_is_not_UTF8_is_an_error() =>
        AssertBroken(
            RawSafetensors.Build([(byte)'{', (byte)'"', 0xff, (byte)'"', (byte)':', (byte)'{', (byte)'}', (byte)'}'], []), "not UTF-8");

    [Fact]
    public void More_dimensions_than_any_tensor_has_are_an_error()
    {
        string shape = string.Join(",", Enumerable.Repeat("1", 100_000));

        AssertBroken($$$"""{"t":{"dtype":"F32","shape":[{{{shape}}}],"data_offsets":[0,4]}}""", "longer than 64 numbers");
    }

    [Theory]
    [InlineData("""{"t":{"later":DEEP}}""")]
    [InlineData("""{"t":DEEP}""")]
    [InlineData("""{"__metadata__":{"x":DEEP}}""")]
    public void Deep_nesting_is_an_error_and_no_stack_overflow(string header)
    {
        string deep = new string('[', 1_000_000) + new string(']', 1_000_000);

        Assert.Throws<WeightFileException>(() => Open(RawSafetensors.Build(header.Replace("DEEP", deep))));
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 63)]
    [InlineData((1UL << 63) - 1)]
    [InlineData(100_000_001UL)]
    [InlineData(100_000_000UL)]
    [InlineData(3UL)]
    public void A_header_length_beyond_the_limit_or_the_file_is_an_error(ulong length) =>
        AssertBroken([.. BitConverter.GetBytes(length), (byte)'{', (byte)'}'], $"its header would be {length} bytes long");

    [Fact]
    public void Long_and_garbled_names_do_not_reach_the_message()
    {
        string name = "\\u001b[31m" + new string('x', 1_000_000);

        var error = AssertBroken($$$"""{"{{{name}}}":{"dtype":"F32","shape":[],"data_offsets":[0,8]}}""", "takes 4 bytes");

        Assert.True(error.Message.Length < 1000);
        Assert.DoesNotContain('\u001b', error.Message);
    }

    [Theory]
    [InlineData("PK\u0003\u0004rest of an archive", "zip archive")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:00", "git lfs pull")]
    [InlineData("<!DOCTYPE html><html>", "web page")]
    [InlineData("""{"weight_map":{}}""", ".index.json")]
    [InlineData("short", "the file has 5 bytes")]
    [InlineData("", "the file has 0 bytes")]
    public void Files_of_other_formats_are_recognised(string content, string hint) => AssertBroken(Encoding.Latin1.GetBytes(content), hint);

    [Fact]
    public void A_pickle_is_recognised() => AssertBroken([0x80, 2, (byte)'}', (byte)'q', 0, (byte)'.', 0, 0, 0, 0], "pickle");

    [Fact]
    public void A_missing_file_and_a_directory_are_errors_of_the_same_type()
    {
        Assert.Contains("does not exist", Assert.Throws<WeightFileException>(() => SafetensorsFile.Open(_folder.Path("none"))).Message);
        Assert.Contains("directory", Assert.Throws<WeightFileException>(() => SafetensorsFile.Open(_folder.Root)).Message);
    }

    private WeightFileException AssertBroken(string header, string problem) =>
        AssertBroken(RawSafetensors.Build(header.Replace("GOOD", Good), RawSafetensors.Floats(1)), problem);

    private WeightFileException AssertBroken(byte[] content, string problem)
    {
        var error = Assert.Throws<WeightFileException>(() => Open(content));
        Assert.Contains(problem, error.Message);
        Assert.Contains(error.FilePath, error.Message);
        return error;
    }

    private void Open(byte[] content)
    {
        using var file = SafetensorsFile.Open(_folder.Write("hostile.safetensors", content));
    }
}
