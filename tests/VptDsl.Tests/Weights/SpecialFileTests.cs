using VptDsl.Common;
using VptDsl.Weights;

namespace VptDsl.Tests.Weights;

/// <summary>What is no ordinary file is told without being opened: nobody waits for a pipe's writer, and nothing replaces it.</summary>
public sealed class SpecialFileTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TempFolder _folder = new();

    public static TheoryData<string, Action<string>> Kinds => SpecialFiles.Kinds;

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [MemberData(nameof(Kinds), DisableDiscoveryEnumeration = true)]
    public void Each_is_called_what_it_is_through_links_too(string kind, Action<string> make)
    {
        Skip.If(OperatingSystem.IsWindows(), "There are none among files.");
        make(_folder.Path("special"));
        File.CreateSymbolicLink(_folder.Path("link"), "special");

        Assert.Equal(kind, SpecialFile.KindOf(_folder.Path("special")));
        Assert.Equal(kind, SpecialFile.KindOf(_folder.Path("link")));
    }

    [Fact]
    public void Files_folders_and_nothing_are_none()
    {
        Directory.CreateDirectory(_folder.Path("folder"));
        File.CreateSymbolicLink(_folder.Path("dead"), "nowhere");
        File.CreateSymbolicLink(_folder.Path("circle"), "circle");
        string[] paths =
        [
            _folder.Write("full", [1]), _folder.Write("empty", []), _folder.Path("folder"), _folder.Path("dead"), _folder.Path("circle"),
            _folder.Path("none"), _folder.Path("none/none"),
        ];

        Assert.All(paths, path => Assert.Null(SpecialFile.KindOf(path)));
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds), DisableDiscoveryEnumeration = true)]
    public async Task None_is_replaced_by_a_file_or_read_as_weights(string kind, Action<string> make)
    {
        Skip.If(OperatingSystem.IsWindows(), "There are none among files.");
        string path = _folder.Path("special");
        make(path);

        Action[] writes = [() => AtomicFile.Write(path, stream => stream.Write("x"u8)), () => AtomicFile.CheckPlace(path)];
        Assert.All(writes, write => Assert.Contains(
            $"{path}: the file was not written: this is {kind}, which is not replaced", Assert.Throws<IOException>(write).Message,
            StringComparison.Ordinal));

        var error = await Assert.ThrowsAsync<WeightFileException>(() => Task.Run(() => SafetensorsFile.Open(path)).WaitAsync(Patience));
        Assert.Contains($"this is {kind}, not a file", error.Message, StringComparison.Ordinal);
        Assert.Equal(kind, SpecialFile.KindOf(path));
        Assert.Equal(["special"], _folder.Files);
    }
}
