using VptDsl.Compiler.Common;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit;

/// <summary>
/// Outlining: cuts a program into its parts (embedding, blocks, head) and joins successive layers whose steps are the same, so that
/// a deep model reads like a shallow one.
/// </summary>
internal static class StepGroups
{
    public static IReadOnlyList<StepGroup> Of(IReadOnlyList<Step> steps)
    {
        var groups = new List<StepGroup>();
        var part = new List<Step>();
        for (int i = 0; i <= steps.Count; i++)
        {
            if (part.Count > 0 && (i == steps.Count || steps[i].Scope != part[0].Scope))
            {
                Append(groups, part.ToArray());
                part.Clear();
            }

            if (i < steps.Count)
                part.Add(steps[i]);
        }

        return groups;
    }

    private static void Append(List<StepGroup> groups, Step[] part)
    {
        EquatableArray<CallSignature> signature = Signature(part);
        if (groups.Count > 0 && groups[groups.Count - 1] is var last && last.CanTake(part[0].Scope, signature))
            groups[groups.Count - 1] = last with { Instances = [.. last.Instances, part] };
        else
            groups.Add(new StepGroup(part[0].Scope, [part], signature));
    }

    /// <summary>The calls, and which operands are the same value: parts with equal signatures differ in places alone.</summary>
    private static EquatableArray<CallSignature> Signature(Step[] part)
    {
        var numbers = new Dictionary<int, int>();
        int Number(int value)
        {
            if (!numbers.TryGetValue(value, out int number))
                numbers.Add(value, number = numbers.Count);
            return number;
        }

        return part.Select(s => new CallSignature(
            s.Call,
            s.Operands.Select(o => Number(o.Value)).ToEquatableArray(),
            string.Join(" ", s.Operands.Select(o => o.Address.Region)))).ToEquatableArray();
    }
}

/// <summary>A call with the numbers of its operands within the part and the regions that they lie in.</summary>
internal sealed record CallSignature(Call Call, EquatableArray<int> Operands, string Regions);

/// <summary>One part of a program, or several successive layers with the same steps.</summary>
/// <param name="Scope">The scope of the first instance.</param>
/// <param name="Instances">The steps of each layer, in the order in which they run.</param>
/// <param name="Signature">What the instances have in common.</param>
internal sealed record StepGroup(Scope Scope, IReadOnlyList<Step[]> Instances, EquatableArray<CallSignature> Signature)
{
    /// <summary>The layers, in the order in which they run; -1 for a part that is no layer.</summary>
    public IEnumerable<int> Layers => Instances.Select(i => i[0].Scope.Layer);

    public bool IsLoop => Instances.Count > 1;

    public bool CanTake(Scope next, EquatableArray<CallSignature> signature)
    {
        Scope last = Instances[Instances.Count - 1][0].Scope;
        int direction = Scope.Backward ? -1 : 1;
        return Scope.Layer >= 0 && next.Layer == last.Layer + direction && next.Part == Scope.Part && next.Backward == Scope.Backward
            && Signature.Equals(signature);
    }
}
