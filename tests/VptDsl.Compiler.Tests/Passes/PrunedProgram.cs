using VptDsl.Compiler.Autodiff;
using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Passes;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Tests.Passes;

/// <summary>
/// A declaration's passes forward and backward, pruned. Merging and fusing come later: without them each node is still one thing.
/// </summary>
internal abstract class PrunedProgram
{
    protected PrunedProgram(ModelSpec spec)
    {
        ClassifierGraph classifier = ClassifierGraph.Build(spec);
        Parameters = classifier.Parameters;
        Forward = PassList.Forward.Apply(classifier.Graph);
        Training = RemoveDead.Run(ReverseMode.Differentiate(Forward));
    }

    public IReadOnlyList<Parameter> Parameters { get; }

    public DataflowGraph Forward { get; }

    /// <summary>Forward and backward pass.</summary>
    public DataflowGraph Training { get; }

    public IEnumerable<Node> Backward => Training.Nodes.Where(n => n.Scope.Backward);
}
