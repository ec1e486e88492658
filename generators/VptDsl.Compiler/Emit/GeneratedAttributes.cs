namespace VptDsl.Compiler.Emit;

/// <summary>The attributes that keep emitted code out of users' reports of coverage and of analyzers.</summary>
internal static class GeneratedAttributes
{
    private static readonly string Version = typeof(GeneratedAttributes).Assembly.GetName().Version.ToString(fieldCount: 3);

    public static readonly string Text =
        $"[global::System.CodeDom.Compiler.GeneratedCode(\"VptDsl.Generators\", \"{Version}\"), "
            + "global::System.Diagnostics.CodeAnalysis.ExcludeFromCodeCoverage]";
}
