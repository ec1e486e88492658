using VptDsl.Compiler.Graph;

namespace VptDsl.Compiler.Backbones;

/// <summary>Patches and prompts apart, for what treats them differently: as they come in segments, or cut out of one sequence.</summary>
/// <param name="Patches">[batch, patches, width].</param>
/// <param name="Prompts">[tokens, width] or [batch, tokens, width]; none where there are no prompts.</param>
/// <param name="AreJoined">Whether they are one sequence, prompts before patches.</param>
internal sealed record TokenParts(Value Patches, Value? Prompts, bool AreJoined)
{
    /// <summary>Takes the segments of a sequence apart.</summary>
    public static TokenParts Of(GraphBuilder graph, IReadOnlyList<Value> segments, int patches)
    {
        if (segments.Count > 1)
            return new(segments[0], segments[1], AreJoined: false);
        Value all = segments[0];
        int prompts = all.Shape.Rows - patches;
        return prompts == 0
            ? new(all, null, AreJoined: false)
            : new(graph.Rows(all, prompts, patches, "patchRows"), graph.Rows(all, 0, prompts, "promptRows"), AreJoined: true);
    }

    /// <summary>The parts as segments again.</summary>
    public Value[] ToSegments(GraphBuilder graph) =>
        Prompts is null ? [Patches] : AreJoined ? [graph.ConcatRows([Prompts, Patches], Patches.Name)] : [Patches, Prompts];
}
