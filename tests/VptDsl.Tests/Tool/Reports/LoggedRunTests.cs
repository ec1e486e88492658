using VptDsl.Tests.Weights;
using VptDsl.Tool.Reports;
using VptDsl.Training.Logs;

namespace VptDsl.Tests.Tool.Reports;

/// <summary>A run's log is read as it was written, whichever kind it is, and however the run ended.</summary>
public sealed class LoggedRunTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("run.csv")]
    [InlineData("run.jsonl")]
    public void What_logs_write_is_read(string name)
    {
        string path = Write(name);
        LoggedRun run = LoggedRun.Read(path);

        Assert.Equal([new(3, 0.1 + 0.2), new(70, 1e-300)], run.Of("train/loss"));
        Assert.Equal([new(3, double.NaN)], run.Of("odd, \"name\""));
        Assert.Empty(run.Of("validation/loss"));

        File.AppendAllText(path, name.EndsWith("csv", StringComparison.Ordinal) ? "71,train/lo" : "{\"step\":71,\"tr");
        Assert.Equal(2, LoggedRun.Read(path).Of("train/loss").Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("step,name,value\n")]
    [InlineData("step,name,value\nx\n1,train/loss,2\n")]
    [InlineData("[1]\n{}\n")]
    [InlineData("step,name,value\n1,train/loss,\"2\"\n3,train/loss,4\n")]
    [InlineData("an essay\non birds\n")]
    public void What_is_no_log_is_refused_with_its_name(string text)
    {
        string path = _folder.Path("other.csv");
        File.WriteAllText(path, text);
        IOException error = Assert.Throws<IOException>(() => LoggedRun.Read(path));
        Assert.Contains("other.csv", error.Message, StringComparison.Ordinal);
        Assert.Contains("vpt train --log", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_and_nothing_are_refused_as_what_they_are()
    {
        IOException folder = Assert.Throws<IOException>(() => LoggedRun.Read(_folder.Path(".")));
        Assert.Contains("is a folder, as TensorBoard's", folder.Message, StringComparison.Ordinal);
        IOException none = Assert.Throws<IOException>(() => LoggedRun.Read(_folder.Path("none.csv")));
        Assert.Contains("no such file", none.Message, StringComparison.Ordinal);
    }

    private string Write(string name)
    {
        string path = _folder.Path(name);
        LineLog log = name.EndsWith("csv", StringComparison.Ordinal) ? new CsvLog(path) : new JsonLinesLog(path);
        log.Begin(0);
        log.Log(3, [new("train/loss", 0.1 + 0.2), new("odd, \"name\"", double.NaN)]);
        log.Log(70, [new("train/loss", 1e-300)]);
        log.End();
        return path;
    }
}
