using System.Reflection;
using VptDsl.Compiler;
using VptDsl.Compiler.Spec;
using VptDsl.Devices.Ilgpu;
using VptDsl.Kernels.Tests.Harness;

namespace VptDsl.Kernels.Tests.Models;

/// <summary>The kernels of some models as users get them, the optimisers' included, each kernel once.</summary>
/// <remarks>Kernels are told apart by their code, as a device does: in another model a kernel of the same name can do something else.</remarks>
internal static class DistinctKernels
{
    public static MethodInfo[] Of(params IEnumerable<ModelSpec> specs) =>
    [
        .. specs
            .SelectMany(spec => EmittedAssembly.Compile(ModelCompiler.Compile(spec).Select(f => f.Text))
                .GetType(spec.Type.ClosedNamespace + ".Kernels", throwOnError: true)!
                .GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .DistinctBy(KernelIdentity.Of),
    ];
}
