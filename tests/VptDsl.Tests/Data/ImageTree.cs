using VptDsl.Tests.Data.Golden;

namespace VptDsl.Tests.Data;

/// <summary>A folder of a test's own with images and lists, gone afterwards.</summary>
internal sealed class ImageTree : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("vptdsl-images-").FullName;

    public string Path(string name) => System.IO.Path.Combine(Root, name);

    /// <summary>Puts the same small picture at each path.</summary>
    public ImageTree Images(params string[] names)
    {
        foreach (string name in names)
            File(name, GoldenFile.Bytes("subsampled.jpg"));
        return this;
    }

    public ImageTree Text(string name, string content) => File(name, System.Text.Encoding.UTF8.GetBytes(content));

    public ImageTree File(string name, byte[] content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(name))!);
        System.IO.File.WriteAllBytes(Path(name), content);
        return this;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
