using System.Text;

namespace VptDsl.Tests.Weights;

/// <summary>Pickles put together instruction by instruction.</summary>
internal sealed class PickleWriter
{
    private readonly List<byte> _bytes = [0x80, 2];

    public PickleWriter Op(char opcode) => Raw((byte)opcode);

    public PickleWriter Raw(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public PickleWriter Text(string text) =>
        Op('X').Raw(BitConverter.GetBytes(Encoding.UTF8.GetByteCount(text))).Raw(Encoding.UTF8.GetBytes(text));

    public PickleWriter Global(string module, string name) => Op('c').Raw(Encoding.UTF8.GetBytes($"{module}\n{name}\n"));

    public PickleWriter Integer(long value) => Raw(0x8a, 8).Raw(BitConverter.GetBytes(value));

    public PickleWriter Tuple(params long[] values)
    {
        Op('(');
        foreach (long value in values)
        {
            Integer(value);
        }

        return Op('t');
    }

    /// <summary>A reference to a storage.</summary>
    public PickleWriter Storage(string type, string key, long count) =>
        Op('(').Text("storage").Global("torch", type).Text(key).Text("cpu").Integer(count).Op('t').Op('Q');

    /// <summary>A tensor of a storage that is referred to in the same breath.</summary>
    public PickleWriter Tensor(string type, string key, long count, long offset, long[] shape, long[] strides) =>
        Global("torch._utils", "_rebuild_tensor_v2").Op('(').Storage(type, key, count)
            .Integer(offset).Tuple(shape).Tuple(strides).Raw(0x89).Op('N').Op('t').Op('R');

    /// <summary>The pickle, with its end.</summary>
    public byte[] Finish() => [.. _bytes, (byte)'.'];
}
