using VptDsl.Weights;
using VptDsl.Weights.Zip;

namespace VptDsl.Tests.Weights;

/// <summary>The archives that checkpoints come in, correct and lying.</summary>
public sealed class ZipTests : IDisposable
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 3000).Select(i => (byte)(i / 7))];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Files_are_found_by_their_names_and_folders_left_out(bool deflate)
    {
        using var zip = Open(RawZip.Pack(deflate, ("a/", []), ("a/empty", []), ("a/ü", Content)));

        Assert.Equal(["a/empty", "a/ü"], zip.Entries.Select(entry => entry.Name));
        Assert.True(zip.TryFind("a/ü", out var entry));
        Assert.Equal(Content, zip.ReadAll(entry, Content.Length));
        Assert.Throws<WeightFileException>(() => zip.ReadAll(entry, Content.Length - 1));
    }

    [Fact]
    public void The_checksum_is_that_of_zip()
    {
        Assert.Equal(0xCBF43926u, Crc32.Append(0, "123456789"u8));
        Assert.Equal(0xCBF43926u, Crc32.Append(Crc32.Append(0, "1234"u8), "56789"u8));
        Assert.Equal(0u, Crc32.Append(0, []));
    }

    [Fact]
    public void Sizes_and_places_of_64_bits_are_read()
    {
        ulong contentLength = (ulong)Content.Length;
        byte[] sizes = RawZip.Fields((ushort)7, (ushort)2, (ushort)0, (ushort)1, (ushort)24, contentLength, contentLength, 0UL);
        var raw = new RawZip().Add("a", Content, size: uint.MaxValue, storedSize: uint.MaxValue, offset: uint.MaxValue, extra: sizes);
        const uint Offset = 30 + 1 + 3000;
        uint length = 46 + 1 + (uint)sizes.Length;
        byte[] large = RawZip.Fields(0x06064b50u, 44UL, (ushort)45, (ushort)45, 0u, 0u, 1UL, 1UL, (ulong)length, (ulong)Offset);
        byte[] locator = RawZip.Fields(0x07064b50u, 0u, (ulong)(Offset + length), 1u);

        using var zip = Open(raw.Finish(ushort.MaxValue, uint.MaxValue, uint.MaxValue, [.. large, .. locator]));

        Assert.Equal(Content, zip.ReadAll(zip.Entries[0], Content.Length));
    }

    [Fact]
    public void A_directory_that_lies_is_an_error()
    {
        byte[] short64 = RawZip.Fields((ushort)1, (ushort)4, 0u);
        byte[] negative64 = RawZip.Fields((ushort)1, (ushort)8, ulong.MaxValue);
        (string Problem, RawZip Zip)[] lies =
        [
            ("two sizes differ", New().Add("a", Content, size: 2999)),
            ("reach into the archive's directory", New().Add("a", Content, size: 3001, storedSize: 3001)),
            ("reach into the archive's directory", New().Add("a", Content, size: 0xfffffffe, storedSize: 0xfffffffe)),
            ("are missing or wrong", New().Add("a", Content, size: uint.MaxValue)),
            ("are missing or wrong", New().Add("a", Content, size: uint.MaxValue, extra: short64)),
            ("are missing or wrong", New().Add("a", Content, size: uint.MaxValue, extra: negative64)),
            ("does not begin where", New().Add("a", Content, offset: 1)),
            ("does not begin where", New().Add("a", Content, offset: 3000)),
            ("does not begin where", New().Add("a", Content, offset: 0xfffffffe)),
            ("does not begin where", New().Add("a", Content, localName: "b")),
            ("does not begin where", New().Add("a", Content, localName: "ab")),
            ("compressed by method 12", New().Add("a", Content, method: 12)),
            ("encrypted", New().Add("a", Content, flags: 1)),
            ("lists \"a\" twice", New().Add("a", Content).Add("a", Content)),
            ("directory is damaged", New().Add(new string('a', 5000), [])),
        ];
        foreach (var (problem, zip) in lies)
        {
            Assert.Contains(problem, OpenFails(zip.Finish()).Message);
        }
    }

    [Fact]
    public void An_end_that_lies_is_an_error()
    {
        byte[] locator = RawZip.Fields(0x07064b50u, 0u, ulong.MaxValue / 2, 1u);
        byte[] locatorOfNothing = RawZip.Fields(0x07064b50u, 0u, 0UL, 1u);

        Assert.Contains("lists 1 files instead of 2", OpenFails(New().Add("a", Content).Finish(entries: 2)).Message);
        Assert.Contains("outside of the file", OpenFails(New().Add("a", Content).Finish(directoryOffset: 5000)).Message);
        Assert.Contains("outside of the file", OpenFails(New().Add("a", Content).Finish(directorySize: uint.MaxValue)).Message);
        Assert.Contains("directory is damaged", OpenFails(New().Add("a", Content).Finish(directorySize: 46)).Message);
        Assert.Contains("directory is damaged", OpenFails(New().Add("a", Content).Finish(directoryOffset: 3000)).Message);
        Assert.Contains("cannot be found", OpenFails(New().Add("a", Content).Finish(beforeEnd: locator)).Message);
        Assert.Contains("cannot be found", OpenFails(New().Add("a", Content).Finish(beforeEnd: locatorOfNothing)).Message);
        Assert.Contains("cut off", OpenFails([.. New().Add("a", Content).Finish(), 0]).Message);
    }

    [Theory]
    [InlineData(2999, "longer than the archive says")]
    [InlineData(3001, "ends too early")]
    [InlineData(int.MaxValue, "ends too early")]
    public void A_compressed_file_of_another_length_is_an_error(uint size, string problem)
    {
        using var zip = Open(New().Add("a", Content, deflate: true, size: size).Finish());
        using var reader = zip.Read(zip.Entries[0]);

        Assert.Contains(problem, Assert.Throws<WeightFileException>(reader.Finish).Message);
    }

    [Fact]
    public void Damaged_content_is_an_error_at_the_first_look()
    {
        byte[] archive = New().Add("a", Content).Finish();
        archive[2000] ^= 1;
        using var zip = Open(archive);

        var error = Assert.Throws<WeightFileException>(() => zip.Copy(zip.Entries[0], 0, new byte[1]));

        Assert.Contains("checksum", error.Message);
    }

    [Fact]
    public void Places_outside_of_a_file_cannot_be_read()
    {
        using var zip = Open(New().Add("a", Content).Finish());

        Assert.Throws<ArgumentOutOfRangeException>(() => zip.Copy(zip.Entries[0], 2999, new byte[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => zip.Copy(zip.Entries[0], -1, new byte[1]));
    }

    [Fact]
    public void An_archive_of_something_else_is_told_from_weights()
    {
        string path = _folder.Write("f", RawZip.Pack(false, ("readme.txt", Content)));

        Assert.Contains("neither a PyTorch", Assert.Throws<WeightFileException>(() => WeightFile.Open(path)).Message);
    }

    private static RawZip New() => new();

    private MappedZip Open(byte[] archive)
    {
        string path = _folder.Write("f.zip", archive);
        return new MappedZip(path, MappedFile.Open(path));
    }

    private WeightFileException OpenFails(byte[] archive) => Assert.Throws<WeightFileException>(() => Open(archive));
}
