using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Operations;
using VptDsl.Testing.Documentation;

namespace VptDsl.Generators.Tests.Snapshots;

/// <summary>
/// The generator's own sources never join a number to text in the culture of whoever builds. BannedSymbols.txt forbids the calls; this is
/// what no ban can name, since C# inserts the call itself.
/// </summary>
public sealed class CultureTests
{
    private const string Usings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; "
            + "global using System.Threading;";

    [Theory]
    [InlineData("generators/VptDsl.Compiler")]
    [InlineData("generators/VptDsl.Generators")]
    public void Text_is_never_added_to_a_number(string project) => Assert.Empty(NumbersIn(RepositoryFiles.Sources(project)));

    [Theory]
    [InlineData("string Text(int n) => \"layer \" + n;", 1)]
    [InlineData("string Text(double n) => n + \" layers\";", 1)]
    [InlineData("string Text(int n) { string text = \"\"; text += n; return text; }", 1)]
    [InlineData("string Text(System.DayOfWeek day, char c, string s) => \"day \" + day + c + s;", 0)]
    [InlineData("int Sum(int n) => n + 1;", 0)]
    public void Such_sums_are_found(string method, int count) => Assert.Equal(count, NumbersIn([$"class C {{ {method} }}"]).Count());

    private static IEnumerable<string> NumbersIn(IEnumerable<string> sources)
    {
        SyntaxTree[] trees = [.. sources.Append(Usings).Select(text => CSharpSyntaxTree.ParseText(text))];
        string[] assemblies = [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)];
        var compilation = CSharpCompilation.Create("Sources", trees, assemblies.Select(path => MetadataReference.CreateFromFile(path)));
        foreach (SyntaxTree tree in trees)
        {
            SemanticModel model = compilation.GetSemanticModel(tree);
            foreach (SyntaxNode sum in tree.GetRoot().DescendantNodes()
                .Where(n => n.Kind() is SyntaxKind.AddExpression or SyntaxKind.AddAssignmentExpression))
            {
                IOperation[] operands = model.GetOperation(sum) switch
                {
                    IBinaryOperation { Type.SpecialType: SpecialType.System_String } binary => [binary.LeftOperand, binary.RightOperand],
                    ICompoundAssignmentOperation { Type.SpecialType: SpecialType.System_String } assignment => [assignment.Value],
                    _ => [],
                };
                if (operands.Any(IsNumber))
                    yield return sum.ToString();
            }
        }
    }

    private static bool IsNumber(IOperation operand) =>
        (operand is IConversionOperation conversion ? conversion.Operand : operand).Type?.SpecialType
            is >= SpecialType.System_SByte and <= SpecialType.System_Double;
}
