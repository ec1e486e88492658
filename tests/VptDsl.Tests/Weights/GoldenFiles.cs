using System.Runtime.CompilerServices;
using System.Text;
using VptDsl.Weights;

namespace VptDsl.Tests.Weights;

/// <summary>Files that the tools of other projects wrote (Golden/make_golden.py), and what is in them.</summary>
internal static class GoldenFiles
{
    public static string Path(string name, [CallerFilePath] string thisFile = "") =>
        System.IO.Path.Combine(System.IO.Path.GetDirectoryName(thisFile)!, "Golden", name);

    /// <summary>-3, -2.5, -2, ...</summary>
    public static float[] Ramp(int count) => [.. Enumerable.Range(0, count).Select(i => (i / 2f) - 3)];

    /// <summary>What a tensor of the small vision transformers holds.</summary>
    public static float[] Pattern(string name, long count)
    {
        int phase = Encoding.UTF8.GetBytes(name).Sum(b => b);
        return [.. Enumerable.Range(0, (int)count).Select(i => ((((7 * i) + phase) % 61) / 16f) - 2)];
    }

    /// <summary>Reads a tensor.</summary>
    public static float[] Read(this IWeightSource source, string name)
    {
        Assert.True(source.TryFind(name, out var tensor), $"There is no {name}.");
        float[] values = new float[tensor.Count];
        source.Read(tensor, values);
        return values;
    }
}
