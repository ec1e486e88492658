using System.Reflection;
using ILGPU.Runtime.Cuda;
using VptDsl.Benchmarks.Kernels;
using VptDsl.Compiler.Emit;
using VptDsl.Kernels.Tests.Harness;
using VptDsl.Kernels.Tests.Operations;

namespace VptDsl.Kernels.Tests.Models;

/// <summary>Every emitted kernel compiles to PTX, and is as plain as it is meant to be. No GPU is needed.</summary>
public sealed class PtxTests(OperationsFixture emitted) : IClassFixture<OperationsFixture>
{
    public static TheoryData<string> Architectures => ["sm_80", "sm_90"];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Every_kernel_of_a_model_compiles(string architecture)
    {
        Type kernels = DrawnModel.Of(seed: 3, TestDevice.Cuda).Kernels;
        AssertPlain(Compile(PublicMethods(kernels), architecture));
    }

    [Fact]
    public void Every_operation_compiles() => AssertPlain(Compile(PublicMethods(emitted.Kernels), "sm_80"));

    /// <remarks>Of four ways to tune it.</remarks>
    [Theory]
    [MemberData(nameof(Architectures))]
    public void Every_kernel_of_vit_b16_compiles(string architecture) => AssertPlain(VitB16.Ptx(architecture));

    [Fact]
    public void Every_kernel_of_the_other_architectures_compiles() => AssertPlain(Compile(DistinctKernels.Of(SmallModels.Specs), "sm_80"));

    /// <remarks>A lane has six fours of each operand; what else the gradient reads are the row's mean and scale.</remarks>
    [Theory]
    [InlineData("LayerNorm197x768", 3 * 6, 0, 2)]
    [InlineData("LayerNormGradient197x768Residual", 4 * 6, 2, 1)]
    [InlineData("AttentionGradient12HeadsOf64Delta", 2 * 2, 0, 1)]
    public void Rows_are_read_once_16_bytes_at_a_time(string kernel, int wide, int narrow, int barriers)
    {
        CompiledKernel[] named = [.. VitB16.Ptx("sm_80").Where(k => KernelWriter.PlainName(k.Name) == kernel)];

        Assert.NotEmpty(named);
        Assert.All(named, k => Assert.Equal(
            (wide, wide + narrow, barriers), (Count(k, "ld.global.v4.f32"), Count(k, "ld.global."), Count(k, "bar.sync"))));

        static int Count(CompiledKernel compiled, string instruction) =>
            compiled.Ptx.Split('\n').Count(line => line.Contains(instruction, StringComparison.Ordinal));
    }

    private static MethodInfo[] PublicMethods(Type kernels) =>
        kernels.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly);

    private static CompiledKernel[] Compile(MethodInfo[] kernels, string architecture)
    {
        using var compiler = new PtxCompiler(architecture == "sm_80" ? CudaArchitecture.SM_80 : CudaArchitecture.SM_90);
        return [.. kernels.Select(kernel => new CompiledKernel(kernel.Name, compiler.Compile(kernel)))];
    }

    /// <remarks>
    /// No arrays or addressed variables in local memory, no atomics or shuffles, and no library that is not there. Whether registers
    /// suffice is not seen here, for PTX has as many as it likes: <see cref="PtxasTests"/> asks NVIDIA's assembler.
    /// </remarks>
    private static void AssertPlain(CompiledKernel[] kernels)
    {
        Assert.NotEmpty(kernels);
        foreach (CompiledKernel kernel in kernels)
        {
            Assert.Contains(".entry", kernel.Ptx, StringComparison.Ordinal);
            foreach (string forbidden in new[] { ".local", "atom.", "\tred.", "shfl.", ".extern" })
                Assert.False(kernel.Ptx.Contains(forbidden, StringComparison.Ordinal), $"{kernel.Name} contains {forbidden}.");
        }
    }
}
