using VptDsl.Devices.Cpu;

namespace VptDsl.Training;

/// <summary>Calls of attention while an image is classified, by layers: first that of the image's tokens, then that of prompts.</summary>
internal sealed class AttentionCalls
{
    private readonly List<(int Queries, int[] Segments, int Layer)> _calls = [];
    private float[] _keys = [];

    /// <summary>Takes a call down. Calls of a layer have the same keys, wherever these lie.</summary>
    public unsafe void Note(in AttentionCall call)
    {
        AttentionSegment segment = call.Segments[0];
        int width = call.Heads * call.HeadDim;
        float[] keys = new float[segment.Rows * width];
        for (int row = 0; row < segment.Rows; row++)
            new ReadOnlySpan<float>(segment.Keys.Row(row), width).CopyTo(keys.AsSpan(row * width));
        int layer = _calls.Count == 0 ? 0 : _calls[^1].Layer + (keys.AsSpan().SequenceEqual(_keys) ? 0 : 1);
        int[] rows = new int[call.Segments.Length];
        for (int i = 0; i < rows.Length; i++)
            rows[i] = call.Segments[i].Rows;
        _calls.Add((call.QueryRows, rows, layer));
        _keys = keys;
    }

    /// <summary>The last layer's calls, and the last one in which all patches attend; null where patches are not attended to.</summary>
    /// <param name="patches">The patches of an image.</param>
    public (Range OfOutput, int? OfPatches)? Find(int patches)
    {
        if (_calls.Count == 0 || _calls[^1].Segments[0] < patches)
            return null;
        int[] firsts = [.. Enumerable.Range(0, _calls.Count).Where(i => i == 0 || _calls[i].Layer != _calls[i - 1].Layer)];
        int ofPatches = Array.FindLastIndex(firsts, first => IsOfPatches(first, patches));
        return (firsts[^1].._calls.Count, ofPatches < 0 ? null : firsts[ofPatches]);
    }

    /// <summary>Whether a layer's first call is of patches, which stand behind other tokens; in the last it may be of prompts.</summary>
    private bool IsOfPatches(int first, int patches)
    {
        (int queries, int[] segments, _) = _calls[first];
        bool mayBeOfPrompts = first == _calls.Count - 1 && segments.Length > 1 && queries == segments[1];
        return queries >= patches && queries <= segments[0] && !mayBeOfPrompts;
    }
}
