namespace VptDsl.Tests.Weights;

/// <summary>A directory of its own for one test, gone afterwards.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("vptdsl-").FullName;

    public IEnumerable<string> Files =>
        Directory.EnumerateFiles(Root).Select(file => System.IO.Path.GetFileName(file)).Order(StringComparer.Ordinal);

    public string Path(string name) => System.IO.Path.Combine(Root, name);

    public string Write(string name, byte[] content)
    {
        string path = Path(name);
        File.WriteAllBytes(path, content);
        return path;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
