using VptDsl.Weights;

namespace VptDsl.Tests.Weights;

/// <summary>What NumPy writes is read as NumPy means it.</summary>
public sealed class NpzFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("arrays.npz")]
    [InlineData("arrays_compressed.npz")]
    public void Every_type_of_numbers_is_read(string file)
    {
        using var source = WeightFile.Open(GoldenFiles.Path(file));

        Assert.Equal("NumPy .npz", source.Format);
        foreach (string type in (string[])["float16", "float32", "float64", "bfloat16"])
        {
            Assert.True(source.TryFind(type, out var tensor));
            Assert.Equal(type, tensor.Type.ToString(), ignoreCase: true);
            Assert.Equal<long>([2, 3], tensor.Shape.AsEnumerable());
            Assert.Equal(GoldenFiles.Ramp(6), source.Read(type));
        }

        Assert.Equal([1.5f], source.Read("scalar"));
        Assert.Empty(source.Read("empty"));
        Assert.Equal(GoldenFiles.Ramp(5), source.Read("some/folder/name"));
        Assert.Equal(GoldenFiles.Ramp(130 * 130), source.Read("large"));
        Assert.True(source.TryFind("int64", out var integers));
        Assert.Equal(TensorType.Int64, integers.Type);
    }

    [Theory]
    [InlineData("arrays.npz")]
    [InlineData("arrays_compressed.npz")]
    public void Arrays_in_Fortrans_order_are_read_in_Cs(string file)
    {
        using var source = WeightFile.Open(GoldenFiles.Path(file));

        Assert.Equal(GoldenFiles.Ramp(24), source.Read("fortran"));
    }

    [Theory]
    [InlineData("big_endian", "\">f4\"")]
    [InlineData("text", "\"<U2\"")]
    [InlineData("record", "(2,)")]
    public void Arrays_of_other_types_do_no_harm_until_they_are_needed(string name, string descriptor)
    {
        using var source = WeightFile.Open(GoldenFiles.Path("arrays.npz"));

        Assert.DoesNotContain(source.Tensors, tensor => tensor.Name == name);
        var error = Assert.Throws<WeightFileException>(() => source.TryFind(name, out _));
        Assert.Equal(name, error.Tensor);
        Assert.Contains(descriptor, error.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), } x")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, }")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'shape': (1,)}")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'more': 1}")]
    [InlineData("{'descr': '<f4', 'fortran_order': Maybe, 'shape': (1,)}")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1.0,)}")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': [1]}")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1 2)}")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296)}")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904,)}")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (1,)}")]
    [InlineData("{'descr': '\\x3cf4', 'fortran_order': False, 'shape': (1,)}")]
    [InlineData("{'descr': <f4, 'fortran_order': False, 'shape': (1,)}")]
    [InlineData("{'descr': [('x', '<f4'), 'fortran_order': False, 'shape': (1,)}")]
    public void A_header_that_is_wrong_or_does_not_fit_its_data_is_an_error(string header)
    {
        var error = OpenFails(RawNpy.Build(header, RawSafetensors.Floats(1)));

        Assert.Equal("w", error.Tensor);
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }")]
    [InlineData("{\"shape\":(1L,),\"fortran_order\":True,\"descr\":\"<f4\"}     \n")]
    [InlineData("{ 'shape' : ( ) , 'descr' : '<f4' , 'fortran_order' : False }")]
    public void A_header_may_be_written_in_other_ways(string header)
    {
        using var source = WeightFile.Open(Write(RawNpy.Build(header, RawSafetensors.Floats(1.25f))));

        Assert.Equal([1.25f], source.Read("w"));
    }

    [Fact]
    public void Nested_records_and_long_shapes_are_errors_and_no_stack_overflow()
    {
        string nested = new('[', 60_000);
        string shape = string.Concat(Enumerable.Repeat("1,", 20_000));

        OpenFails(RawNpy.Build($"{{'descr': {nested}", RawSafetensors.Floats(1)));
        OpenFails(RawNpy.Build($"{{'descr': '<f4', 'fortran_order': False, 'shape': ({shape})}}", RawSafetensors.Floats(1)));
    }

    [Fact]
    public void A_header_of_version_2_or_3_has_a_longer_length()
    {
        byte[] array = RawNpy.Floats([1], 1.25f);
        byte[] version2 = [.. array[..6], 2, 0, .. array[8..10], 0, 0, .. array[10..]];
        byte[] version4 = [.. version2];
        version4[6] = 4;

        using var source = WeightFile.Open(Write(version2));

        Assert.Equal([1.25f], source.Read("w"));
        OpenFails(version4);
        OpenFails([.. version2[..8], 0xff, 0xff, 0xff, 0xff, .. version2[12..]]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    public void Too_few_bytes_are_an_error(int length) => OpenFails(RawNpy.Floats([1], 1)[..length]);

    private string Write(byte[] array) => _folder.Write("f.npz", RawZip.Pack(deflate: false, ("w.npy", array)));

    private WeightFileException OpenFails(byte[] array) => Assert.Throws<WeightFileException>(() => WeightFile.Open(Write(array)));
}
