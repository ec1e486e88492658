using System.Text;
using VptDsl.Weights;
using VptDsl.Weights.PyTorch;
using VptDsl.Weights.Zip;

namespace VptDsl.Tests.Weights;

/// <summary>Damage in any place of an archive gives an error or the right tensors, never anything else.</summary>
/// <remarks>VPTDSL_FUZZ=100000 runs so many random mutations of each kind instead of 2,000, and flips every bit.</remarks>
public sealed class ArchiveCorruptionTests : IDisposable
{
    // Buffers of 64 KiB for each tensor, and the decompressor's; far below what a lying length could ask for.
    private const long AllocationBound = 4 << 20;


    private static readonly int Mutations = Fuzzing.Trials(2000);

    private static readonly string[] Tokens =
    [
        "(", ")", "'", ",", "9999999999999999999", "<f8",
        "PK\u0005\u0006", "PK\u0001\u0002", "\u00ff\u00ff\u00ff\u00ff", "\0\0\0\u0080", "\u0001",
    ];

    private readonly TempFolder _folder = new();

    public static TheoryData<string> Archives => ["small.npz", "small_compressed.npz", "small.pth"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Archives))]
    public void Every_truncation_is_an_error(string file)
    {
        byte[] intact = File.ReadAllBytes(GoldenFiles.Path(file));
        for (int length = 0; length < intact.Length; length++)
        {
            string path = _folder.Write("f", intact[..length]);
            Assert.Throws<WeightFileException>(() => WeightFile.Open(path));
        }
    }

    [Theory]
    [MemberData(nameof(Archives))]
    public void A_single_bit_flip_in_any_byte_is_an_error_or_leaves_the_tensors_as_they_were(string file)
    {
        byte[] intact = File.ReadAllBytes(GoldenFiles.Path(file));
        var expected = ReadAll(intact)!;
        int read = 0;
        // One bit of each byte, all eight in turn; or every one.
        int[] bits =
            [.. Enumerable.Range(0, intact.Length * 8).Where(bit => Fuzzing.IsThorough || bit % 8 == ((bit / 8) + (bit / 64)) % 8)];
        foreach (int bit in bits)
        {
            byte[] flipped = [.. intact];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            if (ReadAll(flipped) is { } tensors)
            {
                read++;
                AssertSubset(expected, tensors);
            }
        }

        // Times and attributes of files, and the padding between them, may say anything.
        Assert.InRange(read, 1, bits.Length / 2);
    }

    [Theory]
    [MemberData(nameof(Archives))]
    public void Random_damage_is_an_error_or_leaves_the_tensors_as_they_were(string file)
    {
        byte[] intact = File.ReadAllBytes(GoldenFiles.Path(file));
        var expected = ReadAll(intact)!;
        var random = new Random(1);
        for (int i = 0; i < Mutations; i++)
        {
            if (ReadAll(Mutate(intact, random)) is { } tensors)
            {
                AssertSubset(expected, tensors);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Archives))]
    public void Random_damage_inside_of_files_with_right_checksums_is_an_error_or_read_as_it_stands(string file)
    {
        (string Name, byte[] Content)[] files = Unpack(GoldenFiles.Path(file));
        var random = new Random(2);
        for (int i = 0; i < Mutations; i++)
        {
            var damaged = files.ToArray();
            ref var victim = ref damaged[file.EndsWith(".pth", StringComparison.Ordinal) ? 0 : random.Next(damaged.Length)];
            victim.Content = Mutate(victim.Content, random);
            ReadAll(RawZip.Pack(deflate: i % 2 == 0 && !file.EndsWith(".pth", StringComparison.Ordinal), damaged));
        }
    }

    [Theory]
    [InlineData("mae.pth")]
    [InlineData("views_protocol4.pth")]
    public void Random_damage_in_a_pickle_is_an_error_or_an_object(string file)
    {
        byte[] intact = Unpack(GoldenFiles.Path(file)).First(entry => entry.Name.EndsWith("data.pkl", StringComparison.Ordinal)).Content;
        var random = new Random(3);
        for (int i = 0; i < Mutations; i++)
        {
            byte[] mutated = Mutate(intact, random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                StateDictionary.Find(PickleReader.Read(mutated, new TorchObjects()));
            }
            catch (FormatException)
            {
                // What damage should lead to.
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, AllocationBound);
        }
    }

    private static byte[] Mutate(byte[] content, Random random)
    {
        for (int mutations = random.Next(1, 4); mutations > 0; mutations--)
        {
            content = MutateOnce(content, random);
        }

        return content;
    }

    private static byte[] MutateOnce(byte[] content, Random random)
    {
        if (content.Length == 0)
        {
            return content;
        }

        int at = random.Next(content.Length);
        int length = random.Next(1, Math.Min(16, content.Length - at) + 1);
        byte[] noise = new byte[length];
        random.NextBytes(noise);
        int from = random.Next(content.Length - length + 1);
        byte[] token = Encoding.Latin1.GetBytes(random.GetItems(Tokens, 1)[0]);
        return random.Next(7) switch
        {
            0 => [.. content[..at], .. noise, .. content[(at + length)..]],
            1 => [.. content[..at], .. noise, .. content[at..]],
            2 => [.. content[..at], .. content[(at + length)..]],
            3 => [.. content[..at], .. content.AsSpan(from, length), .. content[(at + length)..]],
            4 => [.. content[..at], .. token, .. content[at..]],
            5 => [.. content[..at], .. token, .. content[Math.Min(content.Length, at + token.Length)..]],
            _ => [.. content[..at], (byte)(content[at] ^ (1 << random.Next(8))), .. content[(at + 1)..]],
        };
    }

    private static (string Name, byte[] Content)[] Unpack(string path)
    {
        using var zip = new MappedZip(path, MappedFile.Open(path));
        return [.. zip.Entries.Select(entry => (entry.Name, zip.ReadAll(entry, 1 << 20)))];
    }

    // A tensor may be lost with the name of its file, but one that is there is right.
    private static void AssertSubset(Dictionary<string, float[]> expected, Dictionary<string, float[]> tensors)
    {
        foreach (var (name, values) in tensors)
        {
            var same = expected.TryGetValue(name, out float[]? original) ? original : expected.Values.FirstOrDefault(values.SequenceEqual);
            Assert.Equal(same, values);
        }
    }

    private Dictionary<string, float[]>? ReadAll(byte[] content)
    {
        const int MostElements = 1 << 16;
        string path = _folder.Write("f", content);
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            using var source = WeightFile.Open(path);
            var tensors = new Dictionary<string, float[]>();
            foreach (var tensor in source.Tensors.Where(tensor => tensor.Type.IsFloat() && tensor.Count <= MostElements))
            {
                tensors.Add(tensor.Name, source.Read(tensor.Name));
            }

            return tensors;
        }
        catch (WeightFileException)
        {
            return null;
        }
        finally
        {
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, AllocationBound);
        }
    }
}
