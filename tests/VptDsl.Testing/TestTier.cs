namespace VptDsl.Testing;

/// <summary>
/// How much is tested: the quick tier, which a developer waits for, or all. The build server asks for all with <c>CI=true</c>, anybody else
/// with <c>VPTDSL_TESTS=all</c>.
/// </summary>
public static class TestTier
{
    /// <summary>The variable of the environment that asks for all.</summary>
    public const string Variable = "VPTDSL_TESTS";

    /// <summary>Whether this is the build server, where nothing may be missing.</summary>
    public static bool IsBuildServer { get; } = Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>Whether everything is tested.</summary>
    public static bool IsAll { get; } = IsBuildServer || Environment.GetEnvironmentVariable(Variable) == "all";

    /// <summary>All cases, or those among them that stand for the others.</summary>
    public static IEnumerable<T> Cases<T>(IEnumerable<T> all, IEnumerable<T> quick) => IsAll ? all : quick;

    /// <summary>All seeds, or every so many of them: a seed stands for no other, but a few find what breaks everything.</summary>
    public static IEnumerable<T> Seeds<T>(IEnumerable<T> all, int every) => IsAll ? all : all.Where((_, i) => i % every == 0);

    /// <summary>
    /// Skips a test, visibly, without an OpenCL implementation for the CPU; the build server installs PoCL, so there it fails.
    /// </summary>
    /// <param name="isThere">Whether one was found.</param>
    public static void RequireOpenCl(bool isThere)
    {
        Assert.True(isThere || !IsBuildServer, "OpenCL on the CPU is missing: install pocl-opencl-icd and ocl-icd-opencl-dev.");
        Skip.IfNot(isThere, "This machine has no OpenCL implementation for the CPU.");
    }

    /// <summary>Skips a test, visibly, where not everything is tested.</summary>
    /// <param name="reason">What makes the test long.</param>
    public static void RequireAll(string reason) => Skip.IfNot(IsAll, $"{reason}: set {Variable}=all to run it.");
}
