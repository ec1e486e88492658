using VptDsl.Testing;

namespace VptDsl.Compiler.Tests.Structure;

/// <summary>Protects this project from snapshots that nothing reads any more.</summary>
public sealed class OrphanTests
{
    [Fact]
    public void Every_snapshot_has_its_test() => Assert.Empty(SnapshotOrphans.Find(typeof(OrphanTests).Assembly));
}
