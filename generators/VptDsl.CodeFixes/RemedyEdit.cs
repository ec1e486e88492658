using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using VptDsl.Compiler.Spec;

namespace VptDsl.CodeFixes;

/// <summary>A remedy as a change of the text, which leaves everything else as it is written.</summary>
/// <param name="Title">What the editor offers.</param>
/// <param name="Change">The change.</param>
internal sealed record RemedyEdit(string Title, TextChange Change)
{
    /// <summary>The change; null where the text is not what the remedy is for.</summary>
    public static RemedyEdit? Find(SyntaxNode root, TextSpan place, Remedy remedy)
    {
        SyntaxNode node = root.FindNode(place);
        AttributeSyntax? attribute = node.FirstAncestorOrSelf<AttributeSyntax>();
        return remedy.Kind switch
        {
            RemedyKind.MakePartial => node.FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } type ? MakePartial(type) : null,
            RemedyKind.AddAttribute =>
                node.FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } type ? AddAttribute(type, remedy.Text) : null,
            RemedyKind.RemoveAttribute => attribute is null ? null : RemoveAttribute(attribute),
            RemedyKind.WriteArgument => attribute is null ? null : Write(attribute, place, remedy),
            RemedyKind.RemoveArgument =>
                attribute is not null && FindArgument(attribute, place, remedy) is { } argument
                    ? Remove(attribute, argument, remedy)
                    : null,
            _ => null,
        };
    }

    /// <remarks>C# wants the word right before the keyword.</remarks>
    private static RemedyEdit MakePartial(TypeDeclarationSyntax type) =>
        new($"Make '{type.Identifier.ValueText}' partial", Insert(type.Keyword.SpanStart, "partial "));

    private static RemedyEdit AddAttribute(TypeDeclarationSyntax type, string text)
    {
        // Behind the attributes that are there, each on a line of its own.
        SyntaxToken next = type.AttributeLists.Count == 0 ? type.GetFirstToken() : type.AttributeLists.Last().GetLastToken().GetNextToken();
        return new($"Add [{text}]", Insert(next.SpanStart, $"[{text}]{LineEnd(type)}{Indentation(type)}"));
    }

    private static RemedyEdit RemoveAttribute(AttributeSyntax attribute)
    {
        var list = (AttributeListSyntax)attribute.Parent!;
        TextSpan gone = list.Attributes.Count > 1
            ? WithComma(list.Attributes, attribute)
            : TextSpan.FromBounds(list.SpanStart, list.GetLastToken().GetNextToken().SpanStart);
        // A comment behind it is about something else.
        if (list.Attributes.Count == 1 && list.GetTrailingTrivia().Concat(list.GetLastToken().GetNextToken().LeadingTrivia).Any(IsComment))
            gone = list.Span;
        return new($"Remove [{attribute.Name}]", new(gone, ""));
    }

    private static RemedyEdit Write(AttributeSyntax attribute, TextSpan place, Remedy remedy)
    {
        string title = $"Write {remedy.Argument} = {remedy.Text}";
        if (FindArgument(attribute, place, remedy) is { } argument)
            return new(title, new(argument.Expression.Span, remedy.Text));
        string added = $"{remedy.Argument} = {remedy.Text}";
        return attribute.ArgumentList is not { } arguments ? new(title, Insert(attribute.Span.End, $"({added})"))
            : new(title, Insert(arguments.CloseParenToken.SpanStart, arguments.Arguments.Count == 0 ? added : ", " + added));
    }

    private static RemedyEdit Remove(AttributeSyntax attribute, AttributeArgumentSyntax argument, Remedy remedy)
    {
        AttributeArgumentListSyntax arguments = attribute.ArgumentList!;
        return new(
            $"Leave {remedy.Argument} out",
            new(arguments.Arguments.Count == 1 ? arguments.Span : WithComma(arguments.Arguments, argument), ""));
    }

    /// <summary>The argument by its name; without one it is the argument that the problem points at.</summary>
    private static AttributeArgumentSyntax? FindArgument(AttributeSyntax attribute, TextSpan place, Remedy remedy) =>
        attribute.ArgumentList?.Arguments.FirstOrDefault(a =>
            a.NameEquals is { } name ? name.Name.Identifier.ValueText == remedy.Argument : a.Expression.Span == place);

    /// <summary>An item of a list and the comma that goes with it.</summary>
    private static TextSpan WithComma<T>(SeparatedSyntaxList<T> items, T item)
        where T : SyntaxNode
    {
        int index = items.IndexOf(item);
        return index == 0
            ? TextSpan.FromBounds(item.SpanStart, items[1].SpanStart)
            : TextSpan.FromBounds(items.GetSeparator(index - 1).SpanStart, item.Span.End);
    }

    private static TextChange Insert(int position, string text) => new(new(position, 0), text);

    private static bool IsComment(SyntaxTrivia trivia) =>
        !trivia.IsKind(SyntaxKind.WhitespaceTrivia) && !trivia.IsKind(SyntaxKind.EndOfLineTrivia);

    private static string Indentation(SyntaxNode node)
    {
        string line = LineOf(node).ToString();
        return line.Substring(0, line.Length - line.TrimStart().Length);
    }

    private static string LineEnd(SyntaxNode node) =>
        LineOf(node) is var line && line.EndIncludingLineBreak - line.End == 2 ? "\r\n" : "\n";

    private static TextLine LineOf(SyntaxNode node) => node.SyntaxTree.GetText().Lines.GetLineFromPosition(node.SpanStart);
}
