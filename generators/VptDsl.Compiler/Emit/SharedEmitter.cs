using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Emit;

/// <summary>
/// Emits what an abstract class lacks to be a base of models: what it derives from, and a constructor for their programs.
/// </summary>
internal static class SharedEmitter
{
    /// <summary>The file, or null where nothing is lacking or a class above is not completed either.</summary>
    public static EmittedFile? Emit(Declaration declaration)
    {
        if (declaration.Shared is not { IsComplete: false } part || declaration.HasUnsoundBase)
            return null;

        (DeclaredType type, TypeIdentity identity) = (declaration.Type, declaration.Type.Identity);
        var writer = new SourceWriter();
        FileHeader.WriteOpen(writer, identity.Namespace);
        if (!identity.HasSummary)
            writer.Summary("What the models that derive from it have in common.");
        using (writer.Block($"partial class {identity.Name}{(part.LacksBase ? $" : global::{type.GeneratedBase}" : "")}"))
        {
            if (part.LacksConstructor)
                EmitConstructor(writer, identity.Name, part.HasPromptMethod ? "private protected" : "protected");
        }

        return new EmittedFile(identity.FileName + ".g.cs", writer.ToString());
    }

    private static void EmitConstructor(SourceWriter writer, string name, string accessibility)
    {
        writer.Summary("Hands on the program of a model that derives from it.");
        writer.Line("/// <param name=\"device\">Where it runs.</param>");
        writer.Line("/// <param name=\"program\">The compiled model.</param>");
        writer.Line(GeneratedAttributes.Text);
        writer.Line($"{accessibility} {name}(global::VptDsl.Device device, global::VptDsl.Programs.ModelProgram program)");
        writer.Indented(": base(device, program)");
        writer.Line("{").Line("}");
    }
}
