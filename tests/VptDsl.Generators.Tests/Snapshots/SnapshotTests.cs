using VptDsl.Testing;
using Xunit.Sdk;

namespace VptDsl.Generators.Tests.Snapshots;

/// <summary>Protects the snapshot helper: what it accepts, what it rejects, and what it leaves on disk.</summary>
public sealed class SnapshotTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vptdsl-snapshots-");
    private int _differencesShown;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Files_are_named_after_class_method_and_hint()
    {
        SnapshotFile file = SnapshotFile.Of(Path.Combine(_folder.FullName, "EmitTests.cs"), "Emits", "deep", "cs");

        Assert.Equal(Path.Combine(_folder.FullName, "EmitTests.Emits.deep.verified.cs"), file.Verified);
        Assert.Equal(Path.Combine(_folder.FullName, "EmitTests.Emits.deep.received.cs"), file.Received);
    }

    [Fact]
    public void Without_a_hint_the_name_has_no_gap()
    {
        SnapshotFile file = SnapshotFile.Of(Path.Combine(_folder.FullName, "EmitTests.cs"), "Emits", "", "txt");

        Assert.Equal("EmitTests.Emits.verified.txt", Path.GetFileName(file.Verified));
    }

    [Fact]
    public void Equal_text_passes_whatever_its_line_ends_and_clears_the_last_failure()
    {
        SnapshotFile file = Verified("a\nb\n");
        File.WriteAllText(file.Received, "old");

        Match("a\r\nb\r\n", file);

        Assert.False(File.Exists(file.Received));
        Assert.Equal(0, _differencesShown);
    }

    [Fact]
    public void Different_text_fails_with_both_paths_and_the_first_differing_lines()
    {
        SnapshotFile file = Verified("same\nold\ntail");

        string message = Assert.Throws<XunitException>(() => Match("same\nnew\ntail", file)).Message;

        Assert.Contains(file.Verified, message, StringComparison.Ordinal);
        Assert.Contains(file.Received, message, StringComparison.Ordinal);
        Assert.Contains("line 2", message, StringComparison.Ordinal);
        Assert.Contains("- old", message, StringComparison.Ordinal);
        Assert.Contains("+ new", message, StringComparison.Ordinal);
        Assert.Equal("same\nnew\ntail", File.ReadAllText(file.Received));
        Assert.Equal("same\nold\ntail", File.ReadAllText(file.Verified));
        Assert.Equal(1, _differencesShown);
    }

    [Fact]
    public void A_text_that_only_grew_is_a_difference()
    {
        string message = Assert.Throws<XunitException>(() => Match("a\nb", Verified("a"))).Message;

        Assert.Contains("- (the text ends before)", message, StringComparison.Ordinal);
        Assert.Contains("+ b", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_snapshot_fails_and_leaves_what_was_received()
    {
        SnapshotFile file = NewFile();

        string message = Assert.Throws<XunitException>(() => Match("text", file)).Message;

        Assert.Contains("no verified file", message, StringComparison.Ordinal);
        Assert.Equal("text", File.ReadAllText(file.Received));
        Assert.False(File.Exists(file.Verified));
    }

    [Fact]
    public void Accepting_replaces_the_verified_file_and_leaves_nothing_else()
    {
        SnapshotFile file = Verified("old");

        Match("new\r\n", file, accept: true);

        Assert.Equal("new\n", File.ReadAllText(file.Verified));
        Assert.Single(_folder.GetFiles());
    }

    [Fact]
    public void A_snapshot_without_its_class_or_method_is_an_orphan()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "EmitTests.cs"), "");
        string kept = Create("EmitTests.Emits.deep.verified.cs");
        string methodGone = Create("EmitTests.Gone.verified.txt");
        string classMoved = Create("MovedTests.Emits.verified.txt");

        IReadOnlyList<string> orphans = SnapshotOrphans.Find(
            _folder.FullName, new HashSet<string> { "EmitTests.Emits", "MovedTests.Emits" });

        Assert.Equal([methodGone, classMoved], orphans);
        Assert.DoesNotContain(kept, orphans);
    }

    private void Match(string text, SnapshotFile file, bool accept = false) =>
        Snapshot.Match(text, file, accept, _ => _differencesShown++);

    private SnapshotFile NewFile() => SnapshotFile.Of(Path.Combine(_folder.FullName, "EmitTests.cs"), "Emits", "", "txt");

    private SnapshotFile Verified(string text)
    {
        SnapshotFile file = NewFile();
        File.WriteAllText(file.Verified, text);
        return file;
    }

    private string Create(string name)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, "");
        return path;
    }
}
