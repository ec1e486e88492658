using VptDsl.Weights;

namespace VptDsl.Tests.Weights;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_written_by_the_reference_implementation_is_read()
    {
        using var file = SafetensorsFile.Open(RawSafetensors.Data("vit_linear.weights.safetensors"));

        Assert.Equal(42, file.Tensors.Count);
        Assert.Empty(file.Metadata);
        var qkv = file.Find("blocks.1.attn.qkv.weight");
        Assert.Equal(TensorType.Float32, qkv.Type);
        Assert.Equal<long>([96, 32], qkv.Shape);
        // First, last and sum as NumPy and Python's struct module read them.
        AssertValues(file, "blocks.1.attn.qkv.weight", 0.11304493248462677f, -0.7508135437965393f, -16.900394582742592);
        AssertValues(file, "cls_token", 0.1564103066921234f, 0.7510364651679993f, 0.8264057394117117);
        AssertValues(file, "patch_embed.proj.weight", -0.035048771649599075f, 0.10745517164468765f, -3.2554650491310895);
        AssertValues(file, "norm.bias", -0.05839596316218376f, 0.01303329598158598f, -0.5064435699023306);
    }

    [Theory]
    [InlineData("F32", new byte[] { 0, 0, 0xc0, 0x3f, 0, 0, 0x80, 0xff }, new[] { 1.5f, float.NegativeInfinity })]
    [InlineData("F16", new byte[] { 0, 0x3e, 0xff, 0x7b, 0x01, 0x00 }, new[] { 1.5f, 65504f, 5.9604645e-8f })]
    [InlineData("BF16", new byte[] { 0xc0, 0x3f, 0x80, 0x7f }, new[] { 1.5f, float.PositiveInfinity })]
    [InlineData("F64", new byte[] { 0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 0x9a, 0x99, 0x99, 0x99, 0x99, 0x99, 0xb9, 0x3f }, new[] { 1.5f, 0.1f })]
    public void Floating_point_types_are_read_as_32_bit_floats(string type, byte[] data, float[] expected)
    {
        using var file = OpenVector(type, expected.Length, data);

        Assert.Equal(expected, file.ReadFloats("v"));
    }

    [Theory]
    [InlineData("BOOL", new byte[] { 0, 1 }, new[] { 0L, 1L })]
    [InlineData("U8", new byte[] { 1, 255 }, new[] { 1L, 255L })]
    [InlineData("I8", new byte[] { 1, 255 }, new[] { 1L, -1L })]
    [InlineData("U16", new byte[] { 0xfe, 0xff }, new[] { 65534L })]
    [InlineData("I16", new byte[] { 0xfe, 0xff }, new[] { -2L })]
    [InlineData("U32", new byte[] { 0xfe, 0xff, 0xff, 0xff }, new[] { 4294967294L })]
    [InlineData("I32", new byte[] { 0xfe, 0xff, 0xff, 0xff }, new[] { -2L })]
    [InlineData("I64", new byte[] { 3, 0, 0, 0, 0, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, new[] { 3L, -2L })]
    public void Integer_types_are_read_as_64_bit_integers(string type, byte[] data, long[] expected)
    {
        using var file = OpenVector(type, expected.Length, data);

        Assert.Equal(expected, file.ReadInt64("v"));
    }

    [Theory]
    [InlineData("F8_E4M3", 1)]
    [InlineData("F8_E5M2", 1)]
    [InlineData("U64", 8)]
    [InlineData("C64", 8)]
    public void Types_without_an_exact_reading_are_listed_but_refused(string type, int size)
    {
        using var file = OpenVector(type, 1, new byte[size]);

        Assert.Equal(size, file.Find("v").ByteCount);
        Assert.Contains("not a float", Assert.Throws<WeightFileException>(() => file.ReadFloats("v")).Message);
        Assert.Contains("not an integer", Assert.Throws<WeightFileException>(() => file.ReadInt64("v")).Message);
    }

    [Fact]
    public void Tensors_longer_than_a_chunk_and_at_odd_addresses_are_read_whole()
    {
        const int Count = 100_003;
        byte[] data = new byte[1 + (2 * Count)];
        for (int i = 0; i < Count; i++)
        {
            BitConverter.TryWriteBytes(data.AsSpan(1 + (2 * i)), (Half)(i % 2048));
        }

        string header =
            $$$"""{"odd":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"v":"""
            + $$$"""{"dtype":"F16","shape":[{{{Count}}}],"data_offsets":[1,{{{data.Length}}}]}}""";
        using var file = SafetensorsFile.Open(_folder.Write("f", RawSafetensors.Build(header, data)));

        Assert.Equal(Enumerable.Range(0, Count).Select(i => (float)(i % 2048)), file.ReadFloats("v"));
    }

    [Fact]
    public void Scalars_empty_tensors_metadata_and_unknown_fields_are_understood()
    {
        const string Header = """
            {"__metadata__":{"note":"é \u00e9"},
             "none":{"dtype":"F32","shape":[3,0,2],"data_offsets":[4,4]},
             "scalar":{"data_offsets":[0,4],"dtype":"F32","shape":[],"later":{"versions":[{}]}}}
            """;
        using var file = SafetensorsFile.Open(_folder.Write("f", RawSafetensors.Build(Header, RawSafetensors.Floats(7))));

        Assert.Equal("é é", file.Metadata["note"]);
        Assert.Equal([7f], file.ReadFloats("scalar"));
        Assert.Empty(file.Find("scalar").Shape);
        Assert.Empty(file.ReadFloats("none"));
    }

    [Fact]
    public void A_file_without_tensors_is_a_correct_file()
    {
        using var file = SafetensorsFile.Open(_folder.Write("f", RawSafetensors.Build("{}  ")));

        Assert.Empty(file.Tensors);
    }

    [Fact]
    public void Asking_for_a_tensor_that_is_not_there_names_what_is()
    {
        using var file = OpenVector("F32", 1, RawSafetensors.Floats(1));

        var error = Assert.Throws<WeightFileException>(() => file.ReadFloats("w"));

        Assert.Equal("w", error.Tensor);
        Assert.Contains("\"v\"", error.Message);
    }

    [Fact]
    public void A_destination_of_another_length_is_refused()
    {
        using var file = OpenVector("F32", 2, RawSafetensors.Floats(1, 2));

        Assert.Throws<ArgumentException>(() => file.Read(file.Find("v"), new float[3]));
    }

    [Fact]
    public void A_closed_file_cannot_be_read()
    {
        var file = OpenVector("F32", 1, RawSafetensors.Floats(1));
        file.Dispose();

        Assert.Throws<ObjectDisposedException>(() => file.ReadFloats("v"));
    }

    private static void AssertValues(SafetensorsFile file, string name, float first, float last, double sum)
    {
        float[] values = file.ReadFloats(name);
        Assert.Equal(first, values[0]);
        Assert.Equal(last, values[^1]);
        Assert.Equal(sum, values.Sum(value => (double)value), 1e-9);
    }

    private SafetensorsFile OpenVector(string type, int count, byte[] data) => SafetensorsFile.Open(_folder.Write("f", RawSafetensors.Build(
        $$$"""{"v":{"dtype":"{{{type}}}","shape":[{{{count}}}],"data_offsets":[0,{{{data.Length}}}]}}""", data)));
}
