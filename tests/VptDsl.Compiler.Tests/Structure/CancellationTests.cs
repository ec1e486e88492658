using VptDsl.Compiler.Spec;
using VptDsl.Testing.Declarations;

namespace VptDsl.Compiler.Tests.Structure;

/// <summary>Protects editors from waiting for a model that nobody wants any more: while a user types, most are never finished.</summary>
public sealed class CancellationTests
{
    [Fact]
    public void A_model_that_is_wanted_no_more_is_not_compiled()
    {
        ModelSpec spec = RandomDeclarations.Draw(1);

        Assert.Throws<OperationCanceledException>(() => ModelCompiler.Compile(spec, cancellation: new(canceled: true)));
        Assert.NotEmpty(ModelCompiler.Compile(spec).Files);
    }
}
