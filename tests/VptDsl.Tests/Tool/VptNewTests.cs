using System.Xml.Linq;
using VptDsl.Tests.Weights.Hub;

namespace VptDsl.Tests.Tool;

/// <summary>
/// Protects who goes on from the command line to a program: the project that is written is one, whatever its folder is called. That it
/// builds and tunes is tested with the packages, in VptDsl.Package.Tests.
/// </summary>
public sealed class VptNewTests(VptFixture fixture) : IClassFixture<VptFixture>
{
    [Theory]
    [InlineData("Flowers")]
    [InlineData("it's ümläut & \"quotes\"")]
    [InlineData("%41 $(x); *")]
    public void A_project_is_written_into_a_folder_of_any_name(string name)
    {
        string packages = Directory.CreateDirectory(fixture.Path($"packages of {name}")).FullName;
        (int exitCode, _, string errors) = VptProcess.Run(
            ["new", fixture.Path(name), "--backbone", VptProcess.Backbone, "--prompts", "shallow:3", "--packages", packages]);
        Assert.True(exitCode == 0, errors);
        string program = File.ReadAllText(fixture.Path($"{name}/Program.cs"));
        Assert.Contains("[ShallowPrompt(Tokens = 3)]", program, StringComparison.Ordinal);
        Assert.Contains("character-vit.safetensors\"", program, StringComparison.Ordinal);
        Assert.DoesNotContain("#if", program, StringComparison.Ordinal);
        XDocument project = XDocument.Parse(File.ReadAllText(fixture.Path($"{name}/{name}.csproj")));
        string source = project.Descendants("RestoreAdditionalProjectSources").Single().Value;
        Assert.Equal(packages, Uri.UnescapeDataString(source));
    }

    [Theory]
    [InlineData("student", "\"student\"")]
    [InlineData("a\"b\\c", "\"a\\\"b\\\\c\"")]
    public void The_entry_of_the_checkpoint_is_in_the_program(string entry, string literal)
    {
        string name = $"Entry{entry.Length}";
        (int exitCode, _, string errors) = VptProcess.Run(
        [
            "new", fixture.Path(name), "--backbone", VptProcess.Backbone, "--entry", entry,
            "--attribute", "[Vit(Width = 128, Layers = 6, Heads = 4, Patch = 4, Image = 28, Channels = 1)]",
        ]);
        Assert.True(exitCode == 0, errors);
        string program = File.ReadAllText(fixture.Path($"{name}/Program.cs"));
        Assert.Contains($"character-vit.safetensors\", entry: {literal});", program, StringComparison.Ordinal);
    }

    /// <summary>
    /// A wrong normalisation costs accuracy, and nothing else shows it: the program guesses none, and writes one of as many channels as the
    /// model has, here one.
    /// </summary>
    [Theory]
    [InlineData("symmetric", "Normalization pixels = Normalization.Parse(\"0.5 / 0.5\");")]
    [InlineData("0.2,0.4,0.6/0.5,0.5,0.5", "Normalization pixels = Normalization.Parse(\"0.4 / 0.5\");")]
    [InlineData("0.25/0.75", "Normalization pixels = Normalization.Parse(\"0.25 / 0.75\");")]
    [InlineData(null, "Normalization pixels = tuner.Weights!.Facts.Normalization?.Value\n    ?? throw ")]
    public void The_program_normalises_as_it_was_told_or_as_the_weights_say(string? asked, string line)
    {
        string name = $"Normalised {asked?.Replace('/', ' ')}";
        string[] options = asked is null ? [] : ["--normalize", asked];
        (int exitCode, _, string errors) = VptProcess.Run(["new", fixture.Path(name), "--backbone", VptProcess.Backbone, .. options]);
        Assert.True(exitCode == 0, errors);
        string program = File.ReadAllText(fixture.Path($"{name}/Program.cs")).ReplaceLineEndings("\n");
        Assert.Contains(line, program, StringComparison.Ordinal);
    }

    [Fact]
    public void A_normalisation_of_other_channels_is_refused_before_anything_is_written()
    {
        (int exitCode, _, string errors) = VptProcess.Run(
            ["new", fixture.Path("Two"), "--backbone", VptProcess.Backbone, "--normalize", "0.5,0.5/0.5,0.5", "--attribute",
                "[Vit(Width = 128, Layers = 6, Heads = 4, Patch = 4, Image = 28)]"]);
        Assert.Equal((1, true), (exitCode, errors.Contains("is for 2 channels, but the model takes 3", StringComparison.Ordinal)));
        Assert.False(Directory.Exists(fixture.Path("Two")));
    }

    /// <summary>A folder says one class for each image, and fitting such images to a head for several is refused.</summary>
    [Fact]
    public void A_model_whose_images_can_have_several_classes_reads_a_list()
    {
        (int exitCode, string output, string errors) = VptProcess.Run(
            ["new", fixture.Path("Several"), "--backbone", VptProcess.Backbone, "--head", "[LinearHead(MultiLabel = true)]"]);
        Assert.True(exitCode == 0, errors);
        Assert.Contains("LIST_OF_IMAGES", output, StringComparison.Ordinal);
        string program = File.ReadAllText(fixture.Path("Several/Program.cs"));
        Assert.Contains("MultiLabelImages images = MultiLabelFile.Read(args[0], ", program, StringComparison.Ordinal);
        Assert.Contains(" = Split.Shuffled(images, ", program, StringComparison.Ordinal);
        Assert.DoesNotContain("older", program, StringComparison.Ordinal);
    }

    /// <summary>The program is for other machines too, whose cache lies elsewhere or is empty.</summary>
    [Fact]
    public void A_backbone_of_the_hub_is_written_by_its_name()
    {
        using var hub = new FakeHub();
        hub.Files["model.safetensors"] = File.ReadAllBytes(VptProcess.Backbone);
        var environment = new Dictionary<string, string>
        {
            ["HF_ENDPOINT"] = $"{hub.Address}",
            ["HF_HUB_CACHE"] = fixture.Path("hub"),
        };
        (int exitCode, _, string errors) = VptProcess.Run(
            ["new", fixture.Path("Hub"), "--backbone", "hf:acme/tiny"], environment: environment);
        Assert.True(exitCode == 0, errors);
        Assert.Contains("Load(device, \"hf:acme/tiny\")", File.ReadAllText(fixture.Path("Hub/Program.cs")), StringComparison.Ordinal);
    }

    [Fact]
    public void Published_packages_need_no_folder()
    {
        Assert.Equal(0, VptProcess.Run(["new", fixture.Path("Published"), "--backbone", VptProcess.Backbone]).ExitCode);
        string project = File.ReadAllText(fixture.Path("Published/Published.csproj"));
        Assert.DoesNotContain("RestoreAdditionalProjectSources", project, StringComparison.Ordinal);
        Assert.DoesNotContain("#", project, StringComparison.Ordinal);
        XDocument.Parse(project);
    }

    [Fact]
    public void Nothing_is_written_where_something_is_or_packages_are_not()
    {
        (int exitCode, _, string errors) = VptProcess.Run(["new", fixture.Path("images"), "--backbone", VptProcess.Backbone]);
        Assert.Equal((1, true), (exitCode, errors.Contains("is not empty", StringComparison.Ordinal)));
        (exitCode, _, errors) = VptProcess.Run(
            ["new", fixture.Path("None"), "--backbone", VptProcess.Backbone, "--packages", fixture.Path("nowhere")]);
        Assert.Equal((1, true), (exitCode, errors.Contains("There is no folder", StringComparison.Ordinal)));
        Assert.False(Directory.Exists(fixture.Path("None")));
    }
}
