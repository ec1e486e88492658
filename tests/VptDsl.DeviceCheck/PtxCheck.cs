using System.Reflection;
using ILGPU.Runtime.Cuda;
using VptDsl.Benchmarks.Kernels;

namespace VptDsl.DeviceCheck;

/// <summary>Compiles kernels to PTX, which needs no GPU: says whether ILGPU works as it was published.</summary>
internal static class PtxCheck
{
    public static void Run(IEnumerable<CheckedModel> models)
    {
        using var compiler = new PtxCompiler(CudaArchitecture.SM_90);
        foreach (CheckedModel model in models)
        {
            MethodInfo[] kernels = model.Kernels.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly);
            int length = kernels.Sum(kernel => compiler.Compile(kernel).Length);
            Console.WriteLine($"{model.Name}: {kernels.Length} kernels, {length} characters of PTX");
        }
    }
}
