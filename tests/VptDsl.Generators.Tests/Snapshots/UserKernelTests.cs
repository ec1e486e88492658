using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using VptDsl.Compiler;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Emit;
using VptDsl.Compiler.Spec;
using VptDsl.Testing;

namespace VptDsl.Generators.Tests.Snapshots;

/// <summary>
/// Some kernels of ViT-B/16 with 50 deep prompts as a user's GPU gets them, each in a file of its own: full tiles, 128-bit loads, slices.
/// </summary>
/// <remarks>The tiny models beside this have one tile of everything.</remarks>
public sealed class UserKernelTests
{
    private static readonly Lazy<MemberDeclarationSyntax[]> Members = new(Emit);

    // A wide product with GELU, a product in slices and their sum, attention over two segments with 64 columns a head and its gradients
    // (the sum that all of them read, the queries', and the prompts' with their slices), and layer normalisation.
    private static readonly string[] Shown =
    [
        "Linear768To3072Gelu", "Linear768To1536Slices", "Linear768To1536", "Attention12HeadsOf64", "LayerNorm197x768",
        "AttentionGradient12HeadsOf64Delta", "AttentionGradient12HeadsOf64Query",
        "AttentionGradient12HeadsOf64SegmentSlices", "AttentionGradient12HeadsOf64Segment",
    ];

    public static TheoryData<string> Names => [.. Shown];

    [Theory]
    [MemberData(nameof(Names))]
    public void Kernel(string name) => Snapshot.Match(TextOf(name), name, "cs");

    [Fact]
    public void Every_kernel_with_a_snapshot_is_compared() => Assert.Equal(Shown.Order(), Snapshots().Order());

    private static IEnumerable<string> Snapshots([CallerFilePath] string file = "") =>
        Directory.EnumerateFiles(Path.GetDirectoryName(file)!, $"{nameof(UserKernelTests)}.{nameof(Kernel)}.*.verified.cs")
            .Select(path => Path.GetFileName(path).Split('.')[2]);

    /// <summary>
    /// The kernel's method and the private ones after it, which are its own; of several kernels with the name, the one with the longest
    /// text.
    /// </summary>
    private static string TextOf(string name)
    {
        string[] texts =
        [
            .. Enumerable.Range(0, Members.Value.Length)
                .Where(i => Members.Value[i] is MethodDeclarationSyntax method && KernelWriter.PlainName(method.Identifier.Text) == name)
                .Select(first => string.Concat(Members.Value.Skip(first)
                    .TakeWhile((m, i) => i == 0 || !m.Modifiers.Any(SyntaxKind.PublicKeyword))
                    .Select(m => m.ToFullString()))),
        ];
        Assert.NotEmpty(texts);
        return texts.MaxBy(text => text.Length)!;
    }

    private static MemberDeclarationSyntax[] Emit()
    {
        var vit = new VitSpec(Image: 224, Channels: 3, Patch: 16, Width: 768, Layers: 12, Heads: 12, Mlp: 3072);
        var prompts = new TokenPromptSpec(Tokens: 50, Enumerable.Range(0, vit.Layers).ToEquatableArray(), PromptFlow.Carry);
        var spec = new ModelSpec(
            new("Models", "Flowers", "public"), vit, prompts, new ClassifierHeadSpec(Classes: 102), TrainedSet.PromptsAndHead);
        string text = KernelsEmitter.Emit(ModelCompiler.Compile(spec).Kernels).Text;
        return
        [
            .. CSharpSyntaxTree.ParseText(text).GetRoot().DescendantNodes().OfType<ClassDeclarationSyntax>()
                .Single(c => c.Identifier.Text == "Kernels").Members,
        ];
    }
}
