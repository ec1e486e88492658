using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Emit;
using VptDsl.Compiler.Emit.Kernels;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;
using VptDsl.Compiler.Spec;
using VptDsl.Devices.Ilgpu;
using VptDsl.Programs;

namespace VptDsl.Benchmarks.Kernels;

/// <summary>One product, emitted and compiled alone.</summary>
internal sealed class EmittedProduct : IDisposable
{
    private readonly IProgramDevice _operations;
    private readonly MethodInfo _method;
    private readonly object[] _slots;

    public EmittedProduct(IlgpuDevice device, Product product, Shape[] inputs, int batch, KernelOptions options)
    {
        Layout[] operands = [.. inputs.Select(Dense), Dense(product.InferShapes(inputs)[0])];
        var call = new Call(
            product,
            inputs.Select(Dense).ToEquatableArray(),
            EquatableArray.Of(new OptionalLayout(operands[^1]), new OptionalLayout(null)));
        var calls = new CallTable([new Step(call, Aligned(call), new("benchmark", -1, Backward: false))]);
        var spec = new ModelSpec(
            new("Benchmarked", "Products", "public"), new VitSpec(8, 1, 4, 8, 1, 1, 8), null, new ClassifierHeadSpec(2),
            TrainedSet.PromptsAndHead);
        var kernels = new CallKernels(calls, options);
        Type type = Compile(
            OperationsEmitter.Emit(spec, calls), IlgpuEmitter.Emit(spec, kernels), KernelsEmitter.Emit(kernels.Emitted).Text)
            .GetType(spec.Type.ClosedNamespace + ".IlgpuOperations", throwOnError: true)!;
        _operations = (IProgramDevice)Activator.CreateInstance(type, device)!;
        _operations.Batch = batch;
        _method = type.GetMethod(calls[call])!;
        _slots = new object[operands.Length];
        long end = 0;
        for (int i = 0; i < operands.Length; i++)
        {
            _slots[i] = new Slot(Region.Arena, end);
            end += operands[i].Shape.Count * (operands[i].Batched ? batch : 1);
        }

        _operations.Reserve(Region.Arena, end + _operations.ScratchFloats);
        var random = new Random(1);
        _operations.Write(new(Region.Arena, 0), [.. Enumerable.Range(0, (int)end).Select(_ => (float)(random.NextDouble() - 0.5))]);
    }

    /// <summary>Computes the product and waits for it.</summary>
    public void Run()
    {
        _method.Invoke(_operations, _slots);
        Span<float> one = stackalloc float[1];
        _operations.Read((Slot)_slots[^1], one);
    }

    public void Dispose() => _operations.Dispose();

    /// <summary>All sizes are multiples of four floats, and so is every place.</summary>
    private static EquatableArray<Operand> Aligned(Call call) => call.Operands
        .Select(o => new Operand(o.Name, -1, new(Region.Arena, 0, 0), o.Layout.Shape)).ToEquatableArray();

    private static Layout Dense(Shape shape) =>
        new(shape.Batched, shape.Rows, shape.Columns, shape.Batched ? shape.Count : 0, shape.Columns);

    private static Assembly Compile(params string[] texts)
    {
        ImmutableArray<MetadataReference> references =
        [
            .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
                .Select(p => MetadataReference.CreateFromFile(p)),
        ];
        CSharpCompilation compilation = CSharpCompilation.Create(
            $"Products{Guid.NewGuid():N}",
            texts.Select(t => CSharpSyntaxTree.ParseText(t, new(LanguageVersion.Latest))),
            references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release));
        using var assembly = new MemoryStream();
        var result = compilation.Emit(assembly);
        if (!result.Success)
        {
            throw new InvalidOperationException(string.Join(
                '\n', result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Take(5)));
        }

        return Assembly.Load(assembly.ToArray());
    }
}
