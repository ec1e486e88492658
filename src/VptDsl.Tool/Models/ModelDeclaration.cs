using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace VptDsl.Tool.Models;

/// <summary>
/// The attributes of a model, and nothing else: they come from a command line or out of a task file that somebody sent, and are compiled.
/// </summary>
internal sealed partial record ModelDeclaration
{
    private const string Suffix = "Attribute";

    private static readonly Dictionary<string, Type> Known = typeof(HeadAttribute).Assembly.GetExportedTypes()
        .Where(type => type.IsSubclassOf(typeof(Attribute)) && !type.IsAbstract && type.Name != nameof(PromptMethodAttribute))
        .ToDictionary(type => type.Name[..^Suffix.Length]);

    /// <summary>The attributes of prompts that are tokens, with their usual number.</summary>
    private static readonly Dictionary<string, int> UsualTokens = Known
        .Where(known => known.Value.GetProperty(nameof(TokenPromptAttribute.Tokens)) is not null)
        .ToDictionary(
            known => known.Key,
            known => (int)known.Value.GetProperty(nameof(TokenPromptAttribute.Tokens))!.GetValue(Activator.CreateInstance(known.Value))!);

    private ModelDeclaration(string attributes) => Attributes = attributes;

    /// <summary>The attributes, spaced as people write them: <c>[Vit(VitSize.Base, Patch = 16)] [LinearHead]</c>.</summary>
    public string Attributes { get; }

    /// <summary>Prompts before a layer, the most that an attribute declares; 0 without any.</summary>
    public int Tokens => AttributesOf(Read(Attributes)).Select(TokensOf).DefaultIfEmpty().Max();

    /// <summary>Reads attributes.</summary>
    /// <param name="attributes">Attributes in brackets, one after the other.</param>
    /// <exception cref="ArgumentException">They are none of this library's, or something else is between them.</exception>
    public static ModelDeclaration Parse(string attributes)
    {
        CompilationUnitSyntax unit = Read(attributes);
        if (unit.ContainsDiagnostics || unit.ContainsDirectives || unit.DescendantTrivia().Any(IsText)
            || unit is not { Usings: [], Externs: [], AttributeLists: [], Members: [ClassDeclarationSyntax model] }
            || model is not { Members: [], BaseList: null, Modifiers: [], TypeParameterList: null, ParameterList: null }
            || model.Identifier.ValueText != "Model")
        {
            throw Unusable(attributes, "write attributes in brackets, as in \"[DeepPrompt(Tokens = 10)]\"");
        }

        foreach (AttributeSyntax attribute in AttributesOf(unit))
        {
            if (!Known.ContainsKey(NameOf(attribute)))
            {
                string known = string.Join(", ", Known.Keys.Order(StringComparer.Ordinal));
                throw Unusable(attributes, $"there is no attribute {attribute.Name}; there are {known}");
            }

            if (attribute.ArgumentList?.Arguments.FirstOrDefault(argument => !IsConstant(argument.Expression)) is { } odd)
                throw Unusable(attributes, $"{odd.Expression} is neither a number, a text, true, false nor a named value");
        }

        if (model.AttributeLists.Any(list => list.Target is not null))
            throw Unusable(attributes, "an attribute here is for the class");
        return new ModelDeclaration(string.Join(' ', AttributesOf(unit).Select(Write)));
    }

    /// <summary>
    /// The declaration with the usual room for classes, where it states less: tasks of all such numbers share one compiled model.
    /// </summary>
    public ModelDeclaration WithUsualRoom() => new(StatedClasses().Replace(Attributes, match =>
        int.Parse(match.Groups["classes"].Value, CultureInfo.InvariantCulture) <= new LinearHeadAttribute().Classes
            ? match.Groups["head"].Value + (match.Groups["more"].Success ? "(" : "")
            : match.Value));

    /// <summary>The declaration with an attribute, whatever it said in that attribute's place.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="attribute">The attribute.</param>
    public ModelDeclaration With(string name, string attribute) => new(string.Join(
        ' ', AttributesOf(Read(Attributes)).Where(stated => NameOf(stated) != name).Select(Write).Append(attribute)));

    /// <inheritdoc/>
    public override string ToString() => Attributes;

    // As they are written here, with the arguments of a head in the order of their names.
    [GeneratedRegex(@"(?<head>\[(LinearHead|MlpHead))\(Classes = (?<classes>[0-9]{1,9})(\)|(?<more>, ))")]
    private static partial Regex StatedClasses();

    private static CompilationUnitSyntax Read(string attributes) => SyntaxFactory.ParseCompilationUnit($"{attributes}\nclass Model;");

    private static IEnumerable<AttributeSyntax> AttributesOf(CompilationUnitSyntax unit) =>
        unit.Members.OfType<ClassDeclarationSyntax>().SelectMany(type => type.AttributeLists).SelectMany(list => list.Attributes);

    private static int TokensOf(AttributeSyntax attribute)
    {
        if (!UsualTokens.TryGetValue(NameOf(attribute), out int usual))
            return 0;
        ExpressionSyntax? stated = attribute.ArgumentList?.Arguments
            .FirstOrDefault(argument => argument.NameEquals?.Name.Identifier.ValueText == nameof(TokenPromptAttribute.Tokens))?.Expression;
        return stated is LiteralExpressionSyntax { Token.Value: int tokens } ? tokens : usual;
    }

    private static string NameOf(AttributeSyntax attribute) =>
        attribute.Name.ToString() is var name && name.EndsWith(Suffix, StringComparison.Ordinal) ? name[..^Suffix.Length] : name;

    private static string Write(AttributeSyntax attribute) => $"[{attribute.NormalizeWhitespace()}]";

    private static bool IsText(SyntaxTrivia trivia) =>
        !trivia.IsKind(SyntaxKind.WhitespaceTrivia) && !trivia.IsKind(SyntaxKind.EndOfLineTrivia);

    private static bool IsConstant(ExpressionSyntax expression) => expression switch
    {
        LiteralExpressionSyntax => true,
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.UnaryMinusExpression, Operand: LiteralExpressionSyntax } => true,
        MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax, Name: IdentifierNameSyntax } => true,
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.BitwiseOrExpression } both => IsConstant(both.Left) && IsConstant(both.Right),
        _ => false,
    };

    private static ArgumentException Unusable(string attributes, string remedy) =>
        new($"\"{attributes}\" declares no model: {remedy}.");
}
