using System.Reflection;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.Cuda;
using VptDsl.Devices.Ilgpu;
using VptDsl.Kernels.Tests.Operations;

namespace VptDsl.Kernels.Tests.Models;

/// <summary>Every emitted kernel compiles to PTX, and is as plain as it is meant to be. No GPU is needed.</summary>
public sealed class PtxTests(OperationsFixture emitted) : IClassFixture<OperationsFixture>
{
    public static TheoryData<string> Architectures => ["SM_80", "SM_90"];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Every_kernel_of_a_model_compiles(string architecture)
    {
        Type kernels = new DrawnModel(seed: 3).Type.GetNestedType("Kernels", BindingFlags.NonPublic)!;
        foreach (MethodInfo kernel in PublicMethods(kernels).Concat(PublicMethods(typeof(OptimizerKernels))))
            AssertPlain(kernel.Name, Compile(kernel, architecture));
    }

    [Fact]
    public void Every_operation_compiles()
    {
        foreach (MethodInfo kernel in PublicMethods(emitted.Kernels))
            AssertPlain(kernel.Name, Compile(kernel, "SM_80"));
    }

    private static MethodInfo[] PublicMethods(Type kernels) =>
        kernels.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly);

    /// <remarks>Nothing that spills, waits for other threads, races them, or needs a library that is not there.</remarks>
    private static void AssertPlain(string kernel, string ptx)
    {
        Assert.Contains(".entry", ptx, StringComparison.Ordinal);
        foreach (string forbidden in new[] { ".local", ".shared", "bar.sync", "atom.", "red.", "shfl.", ".extern" })
            Assert.False(ptx.Contains(forbidden, StringComparison.Ordinal), $"{kernel} contains {forbidden}.");
    }

    private static string Compile(MethodInfo kernel, string architecture)
    {
        CudaArchitecture target = architecture == "SM_80" ? CudaArchitecture.SM_80 : CudaArchitecture.SM_90;
        using Context context = IlgpuDevice.CreateContext(_ => { });
        using var backend = new PTXBackend(context, new CudaCapabilityContext(target), target, CudaInstructionSet.ISA_80, null!);
        EntryPointDescription entry = EntryPointDescription.FromImplicitlyGroupedKernel(kernel);
        return ((PTXCompiledKernel)backend.Compile(entry, default)).PTXAssembly;
    }
}
