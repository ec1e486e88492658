using System.Text.RegularExpressions;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Emit.Kernels;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit;

/// <summary>The kernels of a call. Calls that need the same kernels, in one model or in several, have equal sets, and share them.</summary>
/// <remarks>
/// Kernels are named by what they do and by a hash of their text: the name tells all kernels apart, and no other model of the project has a
/// say in it.
/// </remarks>
internal sealed class KernelSet
{
    // Stands for the name while the text is written that decides it. No kernel has such a sign for anything else.
    private const string NameToCome = "@";

    private static readonly Regex Names = new(NameToCome + @"(\w*)", RegexOptions.CultureInvariant);

    private KernelSet(EmittedKernels emitted, IReadOnlyList<Kernel> kernels) => (Emitted, Kernels) = (emitted, kernels);

    /// <summary>In the order in which they run.</summary>
    public IReadOnlyList<Kernel> Kernels { get; }

    public EmittedKernels Emitted { get; }

    public static KernelSet Of(Call call, KernelOptions options)
    {
        IReadOnlyList<Kernel> kernels = KernelFamilies.For(call, NameToCome, options);
        var writer = new SourceWriter();
        foreach (Kernel kernel in kernels)
        {
            if (kernel != kernels[0])
                writer.Line();
            Write(writer, kernel);
        }

        string text = writer.ToString().TrimEnd('\n'), name = CallText.Name(call), hash = StableHash.Of(text);
        return new(new($"{name}_{hash}", Named(text)), [.. kernels.Select(kernel => kernel with { Name = Named(kernel.Name) })]);

        string Named(string open) => Names.Replace(open, match => $"{name}{match.Groups[1].Value}_{hash}");
    }

    /// <summary>A kernel's name without the hash: what it does.</summary>
    public static string PlainName(string name) => name.Split('_')[0];

    private static void Write(SourceWriter writer, Kernel kernel)
    {
        string views = string.Concat(kernel.Operands.Select(o => $", ArrayView<float> {o.Name}"));
        if (kernel.Scratch is not null)
            views += ", ArrayView<float> scratch";
        writer.Summary(kernel.Summary);
        using (writer.Block($"public static void {kernel.Name}({(kernel.Groups is null ? "Index1D index, " : "")}int batch{views})"))
            kernel.WriteBody(writer);
        kernel.WriteFunctions(writer);
    }
}

/// <summary>Kernels as text.</summary>
/// <param name="Name">What tells them from all others.</param>
/// <param name="Text">Their methods.</param>
internal sealed record EmittedKernels(string Name, string Text);
