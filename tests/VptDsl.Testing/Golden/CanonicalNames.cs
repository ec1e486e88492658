using System.Text.RegularExpressions;

namespace VptDsl.Testing.Golden;

/// <summary>
/// timm names some tensors of one kind in two ways, and keeps some apart in one class that it stacks in another: here they get the names
/// and shapes of VptDsl's parameters.
/// </summary>
internal static partial class CanonicalNames
{
    private static readonly (string Stacked, string[] Parts)[] Stacks =
    [
        (".attn.qkv.weight", [".attn.q_proj.weight", ".attn.k_proj.weight", ".attn.v_proj.weight"]),
        (".mlp.fc1.weight", [".mlp.fc1_g.weight", ".mlp.fc1_x.weight"]),
        (".mlp.fc1.bias", [".mlp.fc1_g.bias", ".mlp.fc1_x.bias"]),
    ];

    private static readonly (string Suffix, string Canonical)[] Renamed =
    [
        (".gamma_1", ".ls1.gamma"), (".gamma_2", ".ls2.gamma"),
        (".attn.q_proj.bias", ".attn.q_bias"), (".attn.v_proj.bias", ".attn.v_bias"),
    ];

    /// <summary>The same tensors under canonical names.</summary>
    public static Dictionary<string, GoldenTensor> Of(IReadOnlyDictionary<string, GoldenTensor> tensors)
    {
        var named = new Dictionary<string, GoldenTensor>();
        foreach ((string name, GoldenTensor tensor) in tensors)
        {
            (string stacked, string[]? parts) = Stacks.FirstOrDefault(
                s => s.Parts.Any(part => name.EndsWith(part, StringComparison.Ordinal)));
            if (parts is null)
                named.Add(Rename(name), tensor);
            else if (name.EndsWith(parts[0], StringComparison.Ordinal))
                named.Add(name[..^parts[0].Length] + stacked, Stack(tensors, name[..^parts[0].Length], parts));
        }

        return named;
    }

    private static string Rename(string name)
    {
        if (LowRank().Match(name) is { Success: true } lowRank)
        {
            string layer = lowRank.Groups["layer"].Value == "q" ? "query" : "value";
            return lowRank.Result($"${{prefix}}${{attention}}.{layer}.lora_${{matrix}}.weight");
        }

        (string suffix, string canonical) = Renamed.FirstOrDefault(r => name.EndsWith(r.Suffix, StringComparison.Ordinal));
        return suffix is null ? name : name[..^suffix.Length] + canonical;
    }

    private static GoldenTensor Stack(IReadOnlyDictionary<string, GoldenTensor> tensors, string owner, string[] parts)
    {
        GoldenTensor[] found = [.. parts.Select(part => tensors[owner + part])];
        return new([found.Sum(t => t.Shape[0]), .. found[0].Shape.Skip(1)], [.. found.SelectMany(t => t.Values)]);
    }

    [GeneratedRegex(@"^(?<prefix>.*)lora\.(?<attention>blocks\.\d+\.attn)\.(?<layer>[qv])\.(?<matrix>[AB])$")]
    private static partial Regex LowRank();
}
