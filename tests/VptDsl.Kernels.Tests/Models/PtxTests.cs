using System.Reflection;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.Cuda;
using VptDsl.Devices.Ilgpu;
using VptDsl.Kernels.Tests.Harness;
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
        Type kernels = DrawnModel.Of(seed: 3, TestDevice.Cuda).Kernels;
        AssertPlain([.. PublicMethods(kernels)], architecture);
    }

    [Fact]
    public void Every_operation_compiles() => AssertPlain(PublicMethods(emitted.Kernels), "SM_80");

    /// <remarks>Of four ways to tune it.</remarks>
    [Theory]
    [MemberData(nameof(Architectures))]
    public void Every_kernel_of_vit_b16_compiles(string architecture) => AssertPlain(VitB16.Kernels, architecture);

    [Fact]
    public void Every_kernel_of_the_other_architectures_compiles() => AssertPlain(DistinctKernels.Of(SmallModels.Specs), "SM_80");

    private static MethodInfo[] PublicMethods(Type kernels) =>
        kernels.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly);

    /// <remarks>
    /// No arrays or addressed variables in local memory, no atomics or shuffles, and no library that is not there. Whether registers
    /// suffice is not seen here: PTX has as many as it likes, and NVIDIA's assembler decides what it keeps in memory.
    /// </remarks>
    private static void AssertPlain(MethodInfo[] kernels, string architecture)
    {
        CudaArchitecture target = architecture == "SM_80" ? CudaArchitecture.SM_80 : CudaArchitecture.SM_90;
        using Context context = IlgpuDevice.CreateContext(_ => { });
        using var backend = new PTXBackend(context, new CudaCapabilityContext(target), target, CudaInstructionSet.ISA_80, null!);
        Assert.NotEmpty(kernels);
        foreach (MethodInfo kernel in kernels)
        {
            bool isGrouped = kernel.GetParameters()[0].ParameterType != typeof(Index1D);
            EntryPointDescription entry = isGrouped
                ? EntryPointDescription.FromExplicitlyGroupedKernel(kernel)
                : EntryPointDescription.FromImplicitlyGroupedKernel(kernel);
            string ptx = ((PTXCompiledKernel)backend.Compile(entry, default)).PTXAssembly;
            Assert.Contains(".entry", ptx, StringComparison.Ordinal);
            foreach (string forbidden in new[] { ".local", "atom.", "\tred.", "shfl.", ".extern" })
                Assert.False(ptx.Contains(forbidden, StringComparison.Ordinal), $"{kernel.Name} contains {forbidden}.");
        }
    }
}
