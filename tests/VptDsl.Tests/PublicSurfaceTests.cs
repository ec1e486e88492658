using System.Globalization;
using System.Reflection;
using PublicApiGenerator;
using VptDsl.Onnx;
using VptDsl.Parquet;
using VptDsl.Serving;
using VptDsl.Testing;

namespace VptDsl.Tests;

/// <summary>Protects those who call the library: what they can call changes only where somebody reviewed that it does.</summary>
public sealed class PublicSurfaceTests
{
    private static readonly ApiGeneratorOptions Options = new() { IncludeAssemblyAttributes = false };

    [Fact]
    public void Of_the_language() => Snapshot.Match(Surface(typeof(VitAttribute).Assembly));

    [Fact]
    public void Of_the_library() => Snapshot.Match(Surface(typeof(Tuner).Assembly));

    [Fact]
    public void Of_the_ONNX_library() => Snapshot.Match(Surface(typeof(OnnxExport).Assembly));

    [Fact]
    public void Of_the_library_for_Parquet() => Snapshot.Match(Surface(typeof(ParquetImages).Assembly));

    [Fact]
    public void Of_the_server() => Snapshot.Match(Surface(typeof(TaskServing).Assembly));

    [Fact]
    public void It_is_the_same_text_in_every_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        string text = Surface(typeof(Tuner).Assembly);
        try
        {
            CultureInfo.CurrentCulture = Cultures.OfOtherSigns;
            Assert.Equal(text, Surface(typeof(Tuner).Assembly));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static string Surface(Assembly assembly) => assembly.GeneratePublicApi(Options);
}
