using System.Reflection;
using ILGPU.Runtime.Cuda;
using VptDsl.Benchmarks.Kernels;

namespace VptDsl.DeviceCheck;

/// <summary>Compiles the models' kernels to PTX, which needs no GPU: says whether ILGPU works as it was published.</summary>
internal static class PtxCheck
{
    /// <param name="name">What the names of the kernels begin with; empty for all.</param>
    public static void Run(string name)
    {
        using var compiler = new PtxCompiler(CudaArchitecture.SM_90);
        MethodInfo[] kernels =
        [
            .. typeof(Generated._Shared.Kernels).GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
                .Where(kernel => kernel.Name.StartsWith(name, StringComparison.Ordinal)),
        ];
        int length = kernels.Sum(kernel => compiler.Compile(kernel).Length);
        Console.WriteLine($"{kernels.Length} kernels, {length} characters of PTX");
    }
}
