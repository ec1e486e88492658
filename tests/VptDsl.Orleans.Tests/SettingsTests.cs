using System.Globalization;

namespace VptDsl.Orleans.Tests;

/// <summary>Protects who writes a cluster's settings: what makes no sense is said with the file's name and what to write.</summary>
public sealed class SettingsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vptdsl-settings-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("{", "It holds settings such as")]
    [InlineData("null", "no settings in it")]
    [InlineData("""{ "store": "mongo" }""", "It holds settings such as")]
    [InlineData("""{ "store": "redis" }""", "connection is missing")]
    [InlineData("""{ "store": "folder" }""", "folder is missing")]
    [InlineData("""{ "folder": "a", "cluster": " " }""", "cluster is blank")]
    [InlineData("""{ "folder": "a", "deadAfterSeconds": 0.5 }""", "deadAfterSeconds must be at least 1")]
    [InlineData("""{ "folder": "a", "tls": { "certificate": "c", "key": "", "authority": "a" } }""", "tls needs certificate, key and")]
    [InlineData("""{ "folder": "a", "colour": "red" }""", "colour")]
    public void What_makes_no_sense_is_named(string json, string problem)
    {
        string path = Path.Combine(_folder.FullName, "cluster.json");
        File.WriteAllText(path, json);

        IOException error = Assert.ThrowsAny<IOException>(() => ClusterSettings.Load(path));

        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_left_out_is_usual_and_folders_are_found_from_the_file()
    {
        string path = Path.Combine(_folder.FullName, "cluster.json");
        File.WriteAllText(path, """{ "folder": "store", "deadAfterSeconds": 2.5 }""");
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("ar-SA");
            ClusterSettings settings = ClusterSettings.Load(path);

            Assert.Equal(Path.Combine(_folder.FullName, "store"), settings.Folder);
            Assert.Equal(("vptdsl", 2.5, ClusterStore.Folder), (settings.Cluster, settings.DeadAfterSeconds, settings.Store));
            Assert.Equal($"vptdsl in {settings.Folder}", settings.ToString());
            Assert.Equal("2 runs at a time, given up after 1.5 s of silence", new SweepSiloOptions
            {
                Workers = 2,
                DeadAfter = TimeSpan.FromSeconds(1.5),
            }.ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void A_password_is_not_said()
    {
        var settings = new ClusterSettings { Store = ClusterStore.Redis, Connection = "redis:6379,password=secret" };
        Assert.DoesNotContain("secret", settings.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_told_from_a_folder()
    {
        Assert.Contains(
            "there is no such file", Assert.Throws<FileNotFoundException>(() => ClusterSettings.Load("missing.json")).Message,
            StringComparison.Ordinal);
        Assert.Equal(Path.GetFullPath("missing"), ClusterSettings.Load("missing").Folder);
    }
}
