using System.Text.RegularExpressions;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Emit.Kernels;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit;

/// <summary>Writes the kernels of a call. Calls that need the same kernel, in one model or in several, share it.</summary>
/// <remarks>
/// Kernels are named by what they do and by a hash of their text: the name tells all kernels apart, and no other model of the project has a
/// say in it.
/// </remarks>
internal static class KernelWriter
{
    // Stands for the name while the text is written that decides it. Names go on in a capital letter, if at all: the sign also begins a
    // literal of several lines, and in PTX a condition, whose register's name begins in a small one.
    private const string NameToCome = "@";

    private static readonly Regex Names = new(NameToCome + @"(?![a-z!""])(\w*)", RegexOptions.CultureInvariant);

    /// <summary>The kernels of a call, in the order in which they run.</summary>
    public static IReadOnlyList<EmittedKernel> Write(Call call, KernelOptions options)
    {
        IReadOnlyList<Kernel> kernels = KernelFamilies.For(call, NameToCome, options);
        string name = kernels.Any(kernel => kernel.Sizes.Count > 0) ? CallText.KernelName(call) : CallText.Name(call);
        return [.. kernels.Select(kernel => Write(kernel, name))];
    }

    /// <summary>The kernels of a call on devices with tensor cores; none where it has the same as on others.</summary>
    public static IReadOnlyList<EmittedKernel> WriteOnTensorCores(Call call, KernelOptions options) =>
        [.. KernelFamilies.OnTensorCores(call, NameToCome, options).Select(kernel => Write(kernel, CallText.KernelName(call)))];

    /// <summary>A kernel's parameter of a matrix.</summary>
    public static string Parameter(Kernel kernel, string name) => $"{(kernel.TakesAddresses ? "long" : "ArrayView<float>")} {name}";

    /// <summary>A kernel's name without the hash: what it does.</summary>
    public static string PlainName(string name) => name.Split('_')[0];

    private static EmittedKernel Write(Kernel kernel, string name)
    {
        var writer = new SourceWriter();
        string sizes = string.Concat(kernel.Sizes.Select(size => $", int {size.Name}"));
        string views = string.Concat(kernel.Operands.Select(o => $", {Parameter(kernel, o.Name)}"));
        if (kernel.Scratch is not null)
            views += $", {Parameter(kernel, "scratch")}";
        writer.Summary(kernel.Summary);
        using (writer.Block($"public static void {kernel.Name}({(kernel.Groups is null ? "Index1D index, " : "")}int batch{sizes}{views})"))
            kernel.WriteBody(writer);
        kernel.WriteFunctions(writer);

        string text = writer.ToString().TrimEnd('\n'), hash = StableHash.Of(text);
        return new(kernel with { Name = Named(kernel.Name) }, Named(text));

        string Named(string open) => Names.Replace(open, match => $"{name}{match.Groups[1].Value}_{hash}");
    }
}

/// <summary>A kernel with its name and its text.</summary>
/// <param name="Kernel">The kernel as one call launches it.</param>
/// <param name="Text">Its methods.</param>
internal sealed record EmittedKernel(Kernel Kernel, string Text)
{
    /// <summary>What all calls that share it have in common.</summary>
    public KernelText Shared => new(Kernel.Name, Text);
}

/// <summary>A kernel as text, for the file that a project's models share.</summary>
/// <param name="Name">What tells it from all others.</param>
/// <param name="Text">Its methods.</param>
internal sealed record KernelText(string Name, string Text);
