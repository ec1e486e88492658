namespace VptDsl.Compiler.Spec;

/// <summary>What an abstract class lacks to be a base of models: the user may have written either part.</summary>
/// <param name="LacksBase">Whether it derives from nothing yet.</param>
/// <param name="LacksConstructor">Whether no constructor of its own hands on the program of a model.</param>
/// <param name="HasPromptMethod">
/// Whether it hands down a prompt method, of which other assemblies have no text to read: they must not derive from it.
/// </param>
internal sealed record SharedPart(bool LacksBase, bool LacksConstructor, bool HasPromptMethod)
{
    /// <summary>Whether nothing has to be generated for it.</summary>
    public bool IsComplete => !LacksBase && !LacksConstructor;
}
