using System.Reflection;
using VptDsl.Compiler;
using VptDsl.Compiler.Emit;
using VptDsl.Compiler.Spec;
using VptDsl.Kernels.Tests.Harness;

namespace VptDsl.Kernels.Tests.Models;

/// <summary>The kernels of some models as users get them, the optimisers' included, each kernel once.</summary>
internal static class DistinctKernels
{
    public static MethodInfo[] Of(params IEnumerable<ModelSpec> specs) =>
    [
        .. specs
            .SelectMany(spec => EmittedAssembly.Compile(ModelCompiler.Compile(spec).Alone.Select(f => f.Text))
                .GetType(KernelsEmitter.TypeName, throwOnError: true)!
                .GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .DistinctBy(kernel => kernel.Name),
    ];
}
