using System.Runtime.InteropServices;

namespace VptDsl.Devices.Ilgpu;

/// <summary>How PoCL, an OpenCL implementation that runs on the CPU, compiles kernels.</summary>
internal static partial class PoclSettings
{
    /// <summary>The variable of the environment that says how PoCL makes one function of a group's threads.</summary>
    public const string WorkGroupMethod = "POCL_WORK_GROUP_METHOD";

    /// <summary>Loops over the threads between barriers, whose bodies are not vectorised.</summary>
    public const string Loops = "loops";

    /// <summary>
    /// Has PoCL leave the loops over a group's threads as they are, in every kernel that it compiles from now on; whoever has chosen
    /// another way in the environment keeps it.
    /// </summary>
    /// <remarks>
    /// PoCL 3.1 vectorises by LLVM 15, whose pass "vector-combine" makes wrong code of some kernels for CPUs with AVX2 and without
    /// AVX-512: attention over 17 + 4 keys in groups of 2 × 2 threads gave no numbers for one query in eight. The kernel is right without
    /// that pass, without vectorised loops, without any optimisation, and on Oclgrind, which finds nothing wrong with it.
    /// </remarks>
    public static void LeaveLoopsAsTheyAre()
    {
        if (Environment.GetEnvironmentVariable(WorkGroupMethod) is not null)
            return;
        if (OperatingSystem.IsWindows())
        {
            Environment.SetEnvironmentVariable(WorkGroupMethod, Loops);
        }
        else
        {
            // .NET keeps an environment of its own, which libraries in C do not see.
            _ = SetVariable(WorkGroupMethod, Loops, replace: 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int replace);
}
