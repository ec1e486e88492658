using System.Net;
using System.Net.Sockets;

namespace VptDsl.Tests.Tool;

/// <summary>
/// What is typed means the same on every machine, and what makes no sense is refused in a sentence before anything begins.
/// </summary>
public sealed class VptArgumentTests(VptFixture fixture) : IClassFixture<VptFixture>
{
    [Fact]
    public void A_rate_is_the_same_rate_in_every_culture()
    {
        string[] cultures = ["C", "de_DE", "tr_TR", "fa_IR"];
        byte[][] tasks = Array.ConvertAll(cultures, culture =>
        {
            (int exitCode, _, string errors) = VptProcess.Run(fixture.Train($"{culture}.task", 1, "--rate", "0.5"), culture);
            Assert.True(exitCode == 0, errors);
            return File.ReadAllBytes(fixture.Path($"{culture}.task"));
        });
        Assert.All(tasks, task => Assert.Equal(tasks[0], task));
    }

    [Theory]
    [InlineData("--rate", "1,5")]
    [InlineData("--rate", "NaN")]
    [InlineData("--rate", "-1")]
    [InlineData("--rate", "1e999")]
    [InlineData("--decay", "-0.1")]
    [InlineData("--epochs", "0")]
    [InlineData("--epochs", "2.5")]
    [InlineData("--batch", "0")]
    [InlineData("--patience", "0")]
    [InlineData("--seed", "x")]
    public void A_number_that_makes_no_sense_is_refused(string option, string value)
    {
        (int exitCode, string output, string errors) = VptProcess.Run(
            ["train", "--task", fixture.Path("refused.task"), option, value], "de_DE");
        Assert.Equal(2, exitCode);
        Assert.Empty(output.Trim());
        Assert.Contains($"{option} must be a ", errors, StringComparison.Ordinal);
        Assert.Contains($"not \"{value}\"", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.False(File.Exists(fixture.Path("refused.task")));
    }

    [Theory]
    [InlineData("0.0.0.0:8080", "write http://0.0.0.0:8080")]
    [InlineData("http://localhost:0;*:80", "write http://*:80")]
    [InlineData("https://localhost:5001", "an address such as http://0.0.0.0:8080")]
    [InlineData("http://localhost:99999", "an address such as http://0.0.0.0:8080")]
    [InlineData("http://localhost:5000/tasks", "an address such as http://0.0.0.0:8080")]
    [InlineData("ftp://localhost", "an address such as http://0.0.0.0:8080")]
    [InlineData("http://", "an address such as http://0.0.0.0:8080")]
    [InlineData("", "an address such as http://0.0.0.0:8080")]
    public void An_address_that_nobody_could_listen_at_is_refused(string urls, string remedy)
    {
        string[][] commands =
        [
            ["serve", "--backbone", VptProcess.Backbone, "--tasks", fixture.Path("images"), "--urls", urls],
            ["silo", "--cluster", fixture.Path("cluster"), "--urls", urls],
        ];
        foreach (string[] command in commands)
        {
            (int exitCode, string output, string errors) = VptProcess.Run(command);
            Assert.Equal(2, exitCode);
            Assert.Empty(output.Trim());
            Assert.Contains(remedy, errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_address_of_another_machine_is_named()
    {
        Directory.CreateDirectory(fixture.Path("no tasks"));
        // Kept for documentation (RFC 5737): no machine has it.
        const string Urls = "http://192.0.2.1:8080";
        (int exitCode, _, string errors) = VptProcess.Run(
            ["serve", "--backbone", VptProcess.Backbone, "--tasks", fixture.Path("no tasks"), "--device", "cpu", "--urls", Urls]);

        Assert.Equal(1, exitCode);
        Assert.Contains($"Nothing can listen at {Urls}", errors, StringComparison.Ordinal);
    }

    /// <summary>The usual port is taken on machines that have something else there, as macOS does.</summary>
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public void A_port_that_is_taken_is_named_with_the_option(string host)
    {
        Directory.CreateDirectory(fixture.Path("no tasks"));
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        string urls = $"http://{host}:{((IPEndPoint)other.LocalEndpoint).Port}";
        (int exitCode, _, string errors) = VptProcess.Run(
            ["serve", "--backbone", VptProcess.Backbone, "--tasks", fixture.Path("no tasks"), "--device", "cpu", "--urls", urls]);

        Assert.Equal(1, exitCode);
        Assert.Contains($"Nothing can listen at {urls}: ", errors, StringComparison.Ordinal);
        Assert.Contains("Give --urls", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("predict", "rose.jpg", "--top", "0")]
    [InlineData("predict", "rose.jpg", "--json", "--csv")]
    [InlineData("predict")]
    [InlineData("train", "--transforms", "7")]
    [InlineData("train", "deep")]
    [InlineData("trian")]
    public void A_command_that_cannot_be_understood_is_refused(params string[] arguments)
    {
        (int exitCode, string output, string errors) = VptProcess.Run(arguments);
        Assert.Equal(2, exitCode);
        Assert.DoesNotContain("Usage:", output + errors, StringComparison.Ordinal);
        Assert.Contains("--help says what there is.", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_names_the_schemes() =>
        Assert.Contains("none, shallow:N, deep:N", VptProcess.Run(["train", "--help"]).Output, StringComparison.Ordinal);

    [Fact]
    public void An_error_is_a_sentence_and_verbose_adds_where_it_came_from()
    {
        (int exitCode, _, string errors) = VptProcess.Run(["inspect", fixture.Path("none.safetensors")]);
        Assert.Equal(1, exitCode);
        Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("none.safetensors", errors, StringComparison.Ordinal);

        Assert.Contains(
            "   at ", VptProcess.Run(["inspect", fixture.Path("none.safetensors"), "--verbose"]).Errors, StringComparison.Ordinal);
    }
}
