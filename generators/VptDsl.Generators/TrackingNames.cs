namespace VptDsl.Generators;

/// <summary>The names of the pipeline's steps, so that tests can ask which of them ran again.</summary>
internal static class TrackingNames
{
    /// <summary>Reads the attributes and their places; runs on every edit.</summary>
    public const string Read = nameof(Read);

    /// <summary>The declaration without its places; equal as long as the declaration says the same.</summary>
    public const string Declaration = nameof(Declaration);

    /// <summary>The compiler's input.</summary>
    public const string Model = nameof(Model);

    /// <summary>The compiler's output.</summary>
    public const string Compile = nameof(Compile);

    /// <summary>The kernels of all models.</summary>
    public const string Kernels = nameof(Kernels);

    /// <summary>What stands in for a model whose declaration is wrong, and what an abstract class lacks to be a base.</summary>
    public const string WithoutModel = nameof(WithoutModel);

    /// <summary>What is wrong, and where.</summary>
    public const string Problems = nameof(Problems);
}
