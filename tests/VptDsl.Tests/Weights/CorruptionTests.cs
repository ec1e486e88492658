using System.Text;
using System.Text.Json;
using VptDsl.Weights;

namespace VptDsl.Tests.Weights;

/// <summary>Damage in any place gives an error or what the damaged bytes really say, never anything else.</summary>
/// <remarks>VPTDSL_FUZZ=100000 runs so many random mutations instead of 2,000.</remarks>
public sealed class CorruptionTests : IDisposable
{
    // Strings and small lists for each entry of a header of a few hundred bytes; far below what a lying length could ask for.
    private const long AllocationBound = 1 << 18;

    private static readonly int Mutations = Fuzzing.Trials(2000);

    private static readonly byte[] Intact = RawSafetensors.Build(
        """{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"b":"""
            + """{"dtype":"BF16","shape":[2],"data_offsets":[8,12]},"c":{"dtype":"F32","shape":[0],"data_offsets":[12,12]}} """,
        [.. RawSafetensors.Floats(1.5f, -2), 0xc0, 0x3f, 0x80, 0x3f]);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_intact_file_is_read() => Assert.True(ReadsCorrectlyOrFails(Intact));

    [Fact]
    public void Every_truncation_is_an_error()
    {
        for (int length = 0; length < Intact.Length; length++)
        {
            string path = _folder.Write("f", Intact[..length]);
            Assert.Throws<WeightFileException>(() => SafetensorsFile.Open(path));
        }
    }

    [Fact]
    public void Every_single_bit_flip_is_an_error_or_read_as_it_stands()
    {
        int readable = 0;
        for (int bit = 0; bit < Intact.Length * 8; bit++)
        {
            byte[] flipped = [.. Intact];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            readable += ReadsCorrectlyOrFails(flipped) ? 1 : 0;
        }

        // Flips in values, names and metadata leave a correct file; the rest must not.
        Assert.InRange(readable, 12 * 8, Intact.Length * 4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Random_damage_is_an_error_or_read_as_it_stands(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < Mutations / 4; i++)
        {
            byte[] mutated = Intact;
            for (int mutations = random.Next(1, 5); mutations > 0; mutations--)
            {
                mutated = Mutate(mutated, random);
            }

            ReadsCorrectlyOrFails(mutated);
        }
    }

    private static byte[] Mutate(byte[] content, Random random)
    {
        int at = random.Next(content.Length);
        int length = random.Next(1, Math.Min(16, content.Length - at) + 1);
        byte[] noise = new byte[length];
        random.NextBytes(noise);
        string token =
            random.GetItems<string>(["{", "}", "[", "]", "\"", ",", ":", "0", "9", "-", "99999999999999999999", "F16", "\\ud800"], 1)[0];
        return random.Next(6) switch
        {
            0 => [.. content[..at], .. noise, .. content[(at + length)..]],
            1 => [.. content[..at], .. noise, .. content[at..]],
            2 => content.Length > length ? [.. content[..at], .. content[(at + length)..]] : content,
            3 => [.. content[..(at + length)], .. content[at..]],
            4 => [.. content[..at], .. Encoding.ASCII.GetBytes(token), .. content[at..]],
            _ => WithHeaderLength(content, random.Next(content.Length + 8)),
        };
    }

    private static byte[] WithHeaderLength(byte[] content, long length) =>
        content.Length < 8 ? content : [.. BitConverter.GetBytes(length), .. content[8..]];

    private bool ReadsCorrectlyOrFails(byte[] content)
    {
        string path = _folder.Write("f", content);
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            using var file = SafetensorsFile.Open(path);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, AllocationBound);
            AssertSaysWhatTheBytesSay(file, content);
            return true;
        }
        catch (WeightFileException)
        {
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, AllocationBound);
            return false;
        }
    }

    private static void AssertSaysWhatTheBytesSay(SafetensorsFile file, byte[] content)
    {
        int headerLength = (int)BitConverter.ToInt64(content);
        using var header = JsonDocument.Parse(content.AsMemory(8, headerLength));
        var entries = header.RootElement.EnumerateObject().Where(entry => entry.Name != "__metadata__").ToList();
        Assert.Equal(entries.Select(entry => entry.Name).Order(), file.Tensors.Select(tensor => tensor.Name).Order());
        Assert.Equal(content.Length - 8 - headerLength, file.Tensors.Sum(tensor => tensor.ByteCount));
        foreach (var entry in entries.Where(entry => entry.Value.GetProperty("dtype").GetString() == "F32"))
        {
            int begin = entry.Value.GetProperty("data_offsets")[0].GetInt32();
            float[] values = file.ReadFloats(entry.Name);
            byte[] stored = content[(8 + headerLength + begin)..][..(4 * values.Length)];
            Assert.Equal(stored, RawSafetensors.Floats(values));
        }
    }
}
