using VptDsl.Parquet.Tests;

namespace VptDsl.Tests.Tool;

/// <summary>Image sets of the hub are trained on and measured from the command line.</summary>
public sealed class VptParquetTests(VptFixture fixture) : IClassFixture<VptFixture>, IDisposable
{
    private readonly HubFile _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Parquet_files_are_trained_on_and_measured()
    {
        string features = HubFile.Features("dark", "bright");
        foreach (int part in new[] { 0, 1 })
        {
            int?[] labels = [.. Enumerable.Range(0, 12).Select(i => (int?)(i % 2))];
            _files.WriteLabelled(
                $"train-0000{part}-of-00002.parquet", labels, groupRows: 5, features, brightnessOf: row => 20 + (200 * (row % 2)));
        }

        string[] model = ["--backbone", VptProcess.Backbone, "--device", "cpu"], task = ["--task", fixture.Path("hub.task")];
        string images = _files.PathOf("train-*.parquet");
        (int trained, string said, string problem) = VptProcess.Run(
            ["train", .. model, "--prompts", "none", "--images", images, .. task, "--transforms", "vtab", "--epochs", "3"], "tr_TR");
        Assert.True(trained == 0, problem);
        Assert.Contains("validation accuracy", said, StringComparison.Ordinal);
        (int measured, said, problem) = VptProcess.Run(["eval", .. model, .. task, "--images", images, "--label-column", "label"]);
        Assert.True(measured == 0, problem);
        Assert.Contains("24 images", said, StringComparison.Ordinal);

        (int refused, _, problem) = VptProcess.Run(["eval", .. model, .. task, "--images", images, "--label-column", "size"]);
        Assert.Equal(1, refused);
        Assert.Contains("there is no column \"size\" that holds classes", problem, StringComparison.Ordinal);
        (refused, _, problem) = VptProcess.Run(
            ["eval", .. model, .. task, "--images", fixture.Path("images"), "--image-column", "image"]);
        Assert.Equal(1, refused);
        Assert.Contains("--image-column and --label-column", problem, StringComparison.Ordinal);
    }
}
