using System.Text;
using VptDsl.Weights;
using VptDsl.Weights.PyTorch;

namespace VptDsl.Tests.Weights;

/// <summary>A pickle describes data and nothing else; one that wants more, or lies, does no harm.</summary>
public sealed class PickleTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("os", "system")]
    [InlineData("builtins", "eval")]
    [InlineData("System.Diagnostics.Process", "Start")]
    [InlineData("System.IO.File", "Delete")]
    public void Calls_of_any_function_become_objects_that_nothing_uses(string module, string name)
    {
        string bait = _folder.Write("bait", []);
        byte[] pickle = new PickleWriter()
            .Op('}').Text("call").Global(module, name).Text(bait).Raw(0x85).Op('R').Op('s')
            .Text("again").Global(module, name).Text(bait).Raw(0x85).Raw(0x81).Op('}').Op('b').Op('s')
            .Text("of the result").Global(module, name).Op(')').Op('R').Text(bait).Raw(0x85).Op('R').Op('s')
            .Text("w").Tensor("FloatStorage", "0", 1, 0, [1], [1]).Op('s')
            .Finish();

        using var source = WeightFile.Open(Write(pickle, ("0", RawSafetensors.Floats(1.25f))));

        Assert.Equal([1.25f], source.Read("w"));
        Assert.Equal(["w"], source.Tensors.Select(tensor => tensor.Name));
        Assert.True(File.Exists(bait));
        var entries = Assert.IsType<PickleDictionary>(PickleReader.Read(pickle, new TorchObjects())).Entries;
        Assert.IsType<PickleOpaque>(entries["call"]);
        Assert.IsType<PickleOpaque>(entries["again"]);
        Assert.IsType<PickleOpaque>(entries["of the result"]);
    }

    [Theory]
    [InlineData(5, 0, 2, 3, 1, "[2, 3] with strides [3, 1] from element 0")]
    [InlineData(6, 1, 2, 3, 1, "from element 1")]
    [InlineData(6, 0, 2, 4, 1, "strides [4, 1]")]
    [InlineData(6, long.MaxValue, 2, 3, 1, "does not fit")]
    [InlineData(6, 0, 2, long.MaxValue, long.MaxValue, "does not fit")]
    [InlineData(6, 0, long.MaxValue, 0, 0, "impossibly large")]
    [InlineData(7, 0, 2, 3, 1, "has 24 bytes, too few for 7 elements")]
    [InlineData(long.MaxValue, 0, 2, 3, 1, "too few for")]
    public void A_tensor_outside_of_its_storage_is_an_error(long count, long offset, long rows, long rowStride, long stride, string problem)
    {
        byte[] pickle = new PickleWriter()
            .Op('}').Text("w").Tensor("FloatStorage", "0", count, offset, [rows, 3], [rowStride, stride]).Op('s').Finish();

        var error = OpenFails(pickle, ("0", RawSafetensors.Floats(0, 1, 2, 3, 4, 5)));

        Assert.Equal("w", error.Tensor);
        Assert.Contains(problem, error.Message);
    }

    [Fact]
    public void An_endless_view_of_one_number_takes_no_memory_until_somebody_wants_it()
    {
        byte[] pickle = new PickleWriter()
            .Op('}').Text("w").Tensor("FloatStorage", "0", 1, 0, [1L << 40, 1L << 20], [0, 0]).Op('s').Finish();

        using var source = WeightFile.Open(Write(pickle, ("0", RawSafetensors.Floats(1))));

        Assert.Equal(1L << 60, source.Tensors[0].Count);
    }

    [Fact]
    public void A_missing_storage_is_an_error() =>
        Assert.Contains("storage \"1\" is missing", OpenFails(OneTensor("1"), ("0", RawSafetensors.Floats(1))).Message);

    [Fact]
    public void A_compressed_storage_is_an_error()
    {
        byte[] zip = RawZip.Pack(true, ("f/data.pkl", OneTensor("0")), ("f/data/0", RawSafetensors.Floats(1)));

        Assert.Contains("zip -0", Assert.Throws<WeightFileException>(() => WeightFile.Open(_folder.Write("f", zip))).Message);
    }

    [Fact]
    public void A_big_endian_file_is_an_error()
    {
        byte[] zip = RawZip.Pack(
            false, ("f/data.pkl", OneTensor("0")), ("f/data/0", RawSafetensors.Floats(1)), ("f/byteorder", Encoding.ASCII.GetBytes("big")));

        Assert.Contains("byte order", Assert.Throws<WeightFileException>(() => WeightFile.Open(_folder.Write("f", zip))).Message);
    }

    [Fact]
    public void Damage_in_a_storage_shows_when_it_is_read()
    {
        string path = Write(OneTensor("0"), ("0", RawSafetensors.Floats(1.25f)));
        byte[] content = File.ReadAllBytes(path);
        int place = content.AsSpan().IndexOf(RawSafetensors.Floats(1.25f));
        content[place] ^= 1;
        using var source = WeightFile.Open(_folder.Write("damaged", content));

        string message = Assert.Throws<WeightFileException>(() => source.Read("w")).Message;
        Assert.Contains("checksum", message);
        Assert.Contains("set_crc32_options(False)", message);
    }

    [Theory]
    [InlineData("", "ends in the middle")]
    [InlineData(".", "never put on its stack")]
    [InlineData("(.", "never put on its stack")]
    [InlineData("N(0", "ends in the middle")]
    [InlineData("0", "never put on its stack")]
    [InlineData("1", "never put on its stack")]
    [InlineData("t", "never put on its stack")]
    [InlineData("(a", "never put on its stack")]
    [InlineData("NNa", "no list")]
    [InlineData("N(NNu", "no dictionary")]
    [InlineData("}(Nu", "without a value")]
    [InlineData("N(R", "never put on its stack")]
    [InlineData("h\u0007", "never memorized")]
    [InlineData("NQ", "refers to a storage")]
    [InlineData("X\u00ff\u00ff\u00ff\u00ff", "ends in the middle")]
    [InlineData("T\u00ff\u00ff\u00ff\u00ff", "ends in the middle")]
    [InlineData("\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff", "ends in the middle")]
    [InlineData("\u008b\u00ff\u00ff\u00ff\u007f", "ends in the middle")]
    [InlineData("cos", "ends in the middle")]
    [InlineData("NN\u0093", "other than text")]
    [InlineData("\u0080\u0001", "protocol 1")]
    [InlineData("\u0080\u0006", "protocol 6")]
    [InlineData("i", "0x69")]
    [InlineData("o", "0x6f")]
    [InlineData("P", "0x50")]
    [InlineData("I1\n", "0x49")]
    [InlineData("\u0082\u0001", "0x82")]
    [InlineData("\u0097", "0x97")]
    [InlineData("\0", "0x00")]
    public void A_malformed_pickle_is_an_error(string instructions, string problem)
    {
        var error = Assert.Throws<FormatException>(() => PickleReader.Read(Encoding.Latin1.GetBytes(instructions), new TorchObjects()));

        Assert.Contains(problem, error.Message);
    }

    [Theory]
    [InlineData("]", 300)]
    [InlineData("(", 300)]
    [InlineData("N(\u0085", 300)]
    [InlineData("}2s", 0)]
    [InlineData("]2a", 0)]
    [InlineData(")\u0085", 300)]
    public void Endless_pickles_are_cut_off_within_bounded_memory(string instructions, int bytesPerInstruction)
    {
        byte[] pickle = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat(instructions, (1 << 21) / instructions.Length)));
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<FormatException>(() => PickleReader.Read(pickle, new TorchObjects()));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (1L << 20) * Math.Max(bytesPerInstruction, 100));
    }

    [Fact]
    public void Long_names_that_cost_nothing_to_repeat_are_errors()
    {
        string longName = new('x', 2000);

        Assert.Contains("class or function", ReadFails(new PickleWriter().Global("a", longName)).Message);
        Assert.Contains("a key of more", ReadFails(new PickleWriter().Op('}').Text(longName).Op('N').Op('s')).Message);
        Assert.Contains("a storage", ReadFails(new PickleWriter().Storage("FloatStorage", longName, 1)).Message);
        long[] many = new long[20];
        Assert.Contains("builds a tensor", ReadFails(new PickleWriter().Tensor("FloatStorage", "0", 1, 0, many, many)).Message);
    }

    /// <summary>A name that lies in others makes theirs longer, at a few bytes for each: together they have an end.</summary>
    [Fact]
    public void Names_of_entries_in_each_other_are_bounded_in_all()
    {
        string longName = new('x', 900);
        PickleWriter pickle = new PickleWriter().Tensor("FloatStorage", "0", 1, 0, [1], [1]).Raw((byte)'q', 0).Op('0')
            .Text(longName).Raw((byte)'q', 1).Op('0').Op('}').Op('(').Raw((byte)'h', 1).Op('}').Op('(');
        for (int i = 0; i < 1000; i++)
            pickle.Text($"{i}").Op('}').Raw((byte)'h', 1).Op('}').Raw((byte)'h', 1, (byte)'h', 0).Op('s').Op('s');
        byte[] nested = pickle.Op('u').Op('u').Finish();

        Assert.Contains("more than 1048576 characters in all", OpenFails(nested, ("0", RawSafetensors.Floats(1))).Message);
    }

    [Fact]
    public void Objects_that_contain_themselves_do_no_harm()
    {
        byte[] pickle = new PickleWriter()
            .Op('}').Raw((byte)'q', 0).Text("model").Raw((byte)'h', 0).Op('s')
            .Text("w").Tensor("FloatStorage", "0", 1, 0, [], []).Op('s')
            .Finish();

        using var source = WeightFile.Open(Write(pickle, ("0", RawSafetensors.Floats(1.25f))));

        Assert.Equal([1.25f], source.Read("w"));
    }

    [Fact]
    public void A_longer_pickle_than_any_checkpoint_has_is_an_error() =>
        Assert.Contains("more than the", OpenFails(new byte[(1 << 24) + 1], ("0", [])).Message);

    private static byte[] OneTensor(string key) =>
        new PickleWriter().Op('}').Text("w").Tensor("FloatStorage", key, 1, 0, [1], [1]).Op('s').Finish();

    private static FormatException ReadFails(PickleWriter pickle) =>
        Assert.Throws<FormatException>(() => PickleReader.Read(pickle.Finish(), new TorchObjects()));

    private string Write(byte[] pickle, (string Key, byte[] Content) storage) =>
        _folder.Write("f.pth", RawZip.Pack(false, ("f/data.pkl", pickle), ("f/data/" + storage.Key, storage.Content)));

    private WeightFileException OpenFails(byte[] pickle, (string Key, byte[] Content) storage) =>
        Assert.Throws<WeightFileException>(() => WeightFile.Open(Write(pickle, storage)));
}
