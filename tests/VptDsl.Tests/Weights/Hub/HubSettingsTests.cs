using VptDsl.Weights.Hub;

namespace VptDsl.Tests.Weights.Hub;

/// <summary>Protects who sets the hub's variables as its own programs take them.</summary>
public sealed class HubSettingsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("~/hub", "/hub")]
    [InlineData("~", "")]
    public void The_users_folder_can_be_written_short(string written, string behind)
    {
        string user = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        Assert.Equal(user + behind, Of(("HF_HUB_CACHE", written)).Cache);
    }

    [Theory]
    [InlineData("$SCRATCH/hub")]
    [InlineData("${SCRATCH}/hub")]
    public void Variables_stand_in_paths(string written)
    {
        Assert.Equal("/fast/hub", Of(("HF_HUB_CACHE", written), ("SCRATCH", "/fast")).Cache);
        Assert.Equal(Path.Combine("/fast/hub", "hub"), Of(("HF_HOME", written), ("SCRATCH", "/fast")).Cache);
    }

    [Fact]
    public void What_no_variable_is_stays() => Assert.Equal("/a$b", Of(("HF_HUB_CACHE", "/a$b")).Cache);

    [Fact]
    public void A_token_is_free_of_the_line_that_it_was_written_in()
    {
        Assert.Equal("hf_abc", Of(("HF_TOKEN", "hf_abc\n")).Token);
        string file = _folder.Path("token");
        File.WriteAllText(file, " hf_kept\r\n");
        Assert.Equal("hf_kept", Of(("HF_TOKEN", " \n"), ("HF_TOKEN_PATH", file)).Token);
    }

    [Fact]
    public void What_no_token_is_names_its_place_and_not_itself()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Of(("HF_TOKEN", "hf_abc\nhf_def")));
        Assert.StartsWith("HF_TOKEN has a space, a line break", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hf_abc", error.Message, StringComparison.Ordinal);
        string file = _folder.Path("token");
        File.WriteAllText(file, "hf_abc\nhf_def");
        Assert.Contains(file, Assert.Throws<ArgumentException>(() => Of(("HF_TOKEN_PATH", file))).Message, StringComparison.Ordinal);
    }

    private static HubSettings Of(params (string Name, string Value)[] variables) =>
        HubSettings.Of(name => variables.FirstOrDefault(variable => variable.Name == name).Value);
}
