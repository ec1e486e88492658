using VptDsl.Compiler.Common;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Compiler.Passes;

/// <summary>
/// Numbers what programs of a model compute: values with the same number are the same operations on the same images and parameters.
/// </summary>
/// <remarks>It knows no arithmetic: values with different numbers may be equal all the same.</remarks>
internal sealed class ValueNumbering
{
    private readonly FoldConstants _constants;
    private readonly Dictionary<(Operation Operation, EquatableArray<(int, int)> Inputs), int> _numbers = [];
    private readonly Dictionary<Node, int> _nodes = [];
    private readonly Dictionary<(int, int), Parameter> _folded = [];

    /// <param name="constants">What was taken out of the programs, each time under a name of its own.</param>
    public ValueNumbering(FoldConstants constants)
    {
        _constants = constants;
        Add(constants.Nodes);
    }

    public (int Node, int Output) this[Value value] => (_nodes[value.Producer], value.Index);

    /// <summary>Numbers the values of a program, where that is not done yet.</summary>
    public void Add(IEnumerable<Node> nodes)
    {
        foreach (Node node in nodes.Where(n => !_nodes.ContainsKey(n)))
        {
            var key = (Named(node.Operation), node.Inputs.Select(i => this[i]).ToEquatableArray());
            if (!_numbers.TryGetValue(key, out int number))
                _numbers.Add(key, number = _numbers.Count);
            _nodes.Add(node, number);
        }
    }

    /// <summary>The operation, with one parameter for all that the same was folded into.</summary>
    private Operation Named(Operation operation)
    {
        if (operation is not ReadParameter { Slice: { Parameter: { Folded: true } folded } slice })
            return operation;
        var number = this[_constants.DefinitionOf(folded)];
        if (!_folded.TryGetValue(number, out Parameter? first))
            _folded.Add(number, first = folded);
        return new ReadParameter(slice with { Parameter = first });
    }
}
