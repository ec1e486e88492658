using PublicApiGenerator;
using VptDsl.Testing;

namespace VptDsl.Orleans.Tests;

/// <summary>Protects users' programs: what they can call changes only where somebody reviewed that it does.</summary>
public sealed class PublicSurfaceTests
{
    [Fact]
    public void Of_the_cluster() => Snapshot.Match(typeof(ClusterSweep).Assembly.GeneratePublicApi(new ApiGeneratorOptions
    {
        IncludeAssemblyAttributes = false,
        // It names what the compiler counts.
        ExcludeAttributes = ["System.Runtime.CompilerServices.AsyncIteratorStateMachineAttribute"],
        // What Orleans generates is public, and nobody's to call.
        IncludeTypes = [.. typeof(ClusterSweep).Assembly.GetExportedTypes().Where(type => type.Namespace == "VptDsl.Orleans")],
    }));
}
