using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Emit;

/// <summary>
/// Emits what a user sees of a model whose declaration is wrong: the same members without anything behind them, so that the code which
/// uses them is no further error, and the one at the declaration stands alone.
/// </summary>
internal static class PlaceholderEmitter
{
    /// <summary>The file, or null where the class could not even be completed by that.</summary>
    public static EmittedFile? Emit(Declaration declaration)
    {
        DeclaredType type = declaration.Type;
        if (!type.IsPartial || type.ContainingType is not null || type.IsGeneric || type.Obstacle != TypeObstacle.None
            || SurfaceMember.Find(type.Identity.Name) is not null || type.OldLanguage is { HasFileScopedNamespaces: false })
        {
            return null;
        }

        var writer = new SourceWriter();
        FileHeader.WriteOpen(writer, type.Identity.Namespace);
        if (!type.Identity.HasSummary)
            writer.Summary("Its declaration has an error: these members are there so that code which uses them is none.");
        using (writer.Block($"partial class {type.Identity.Name}{(type.Identity.HasBase ? "" : $" : global::{type.GeneratedBase}")}"))
        {
            // A base class that could not be completed has no constructor for programs.
            if (!declaration.HasUnsoundBase && !declaration.Members.Any(m =>
                m.Name == DeclaredMember.Constructor && SurfaceMember.ConstructorTypes.Equals(m.ParameterTypes)))
            {
                EmitConstructor(writer, type.Identity.Name);
            }

            foreach (SurfaceMember member in SurfaceMember.All.Where(m => !declaration.Members.Any(m.CollidesWith)))
                EmitMember(writer, member, type.Identity);
        }

        return new EmittedFile(type.Identity.FileName + ".g.cs", writer.ToString());
    }

    private static void EmitConstructor(SourceWriter writer, string name)
    {
        writer.Line(GeneratedAttributes.Text);
        writer.Line($"private {name}(global::VptDsl.Device device)");
        writer.Indented(": base(device, null!)");
        writer.Line("{").Line("}");
    }

    private static void EmitMember(SourceWriter writer, SurfaceMember member, TypeIdentity identity)
    {
        writer.Line();
        writer.Summary("Comes with the model, once its declaration is right.");
        if (member.Parameters is not null)
        {
            writer.Line(GeneratedAttributes.Text);
            writer.Line($"public static {member.Type ?? identity.GlobalName} {member.Signature} =>");
            writer.Indented($"throw new global::System.InvalidOperationException(\"{Complaint(identity.PlainName)}\");");
        }
        else
        {
            writer.Line($"public const {member.Type} {member.Name} = {(member.Type == "string" ? "\"\"" : "1")};");
        }
    }

    /// <summary>C# says nothing of an argument that another generator writes: it is unknown to this one, but not to C#.</summary>
    private static string Complaint(string name) =>
        $"The declaration of '{name}' has an error, which the build names unless it is silenced (#pragma, .editorconfig). If it has none, "
            + "an argument of an attribute is written by another source generator: write its value instead.";
}
