using System.CommandLine;
using System.Security;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using VptDsl.Common;
using VptDsl.Data;
using VptDsl.Programs;
using VptDsl.Tool.Models;
using VptDsl.Weights;

namespace VptDsl.Tool.Commands;

/// <summary>Writes a project that declares a model and trains it.</summary>
internal static partial class NewCommand
{
    /// <summary>What reads images that can have several classes, in place of what reads those of one.</summary>
    private static readonly (string Of, string To)[] ForSeveralClasses =
    [
        ("// A folder of images has a folder for each class.", "// A list of images has a line for each: images/1.jpg,dog,person."),
        (
            "Say which folder of images: it has a folder for each class.",
            "Say which list of images: a line has a path and its classes, as in images/1.jpg,dog,person."
        ),
        ("PixelImages images = ImageFolder.Read(", "MultiLabelImages images = MultiLabelFile.Read("),
        ("Split.Stratified(", "Split.Shuffled("),
    ];

    public static Command Create()
    {
        var folder = new Argument<DirectoryInfo>("folder") { Description = "The project's folder, which gives it its name." };
        var packages = new Option<DirectoryInfo>("--packages")
        {
            Description = "A folder with VptDsl's packages, where they were built and not published.",
        };
        Option<Normalization?> normalization = Inputs.Normalization();
        var model = new ModelOptions();
        var command = new Command("new", "Writes a project of a few lines that declares the model and tunes it on a folder of images.")
        {
            folder, packages, normalization,
        };
        model.AddTo(command);
        command.SetAction(arguments =>
        {
            DirectoryInfo place = arguments.GetValue(folder)!;
            string name = Path.GetFileName(place.FullName.TrimEnd(Path.DirectorySeparatorChar));
            if (place.Exists && place.EnumerateFileSystemInfos().Any())
                throw new IOException($"The folder {place} is not empty: give another name.");
            DirectoryInfo? source = arguments.GetValue(packages);
            if (source is { Exists: false })
                throw new DirectoryNotFoundException($"There is no folder {source}: build the packages into it, or leave --packages out.");
            ModelDeclaration declaration = model.Declare(arguments);
            ModelDescription description = CompiledModel.Of(declaration).Description;
            string program = Program(
                declaration, description, model.NameOfBackbone(arguments), model.EntryOf(arguments), arguments.GetValue(normalization));
            AtomicFile.CreateDirectory(place.FullName);
            Write(Path.Combine(place.FullName, "Program.cs"), program);
            Write(Path.Combine(place.FullName, $"{name}.csproj"), Project(LibraryVersion.OfPackages, source?.FullName));
            string images = description.IsMultiLabel ? "LIST_OF_IMAGES" : "FOLDER_OF_IMAGES";
            Console.WriteLine($"wrote {place}: cd into it, and 'dotnet run -c Release -- {images}'");
        });
        return command;
    }

    private static void Write(string path, string text)
    {
        byte[] content = Encoding.UTF8.GetBytes(text);
        AtomicFile.Write(path, stream => stream.Write(content));
    }

    /// <summary>The template's project, with the folder of packages where there is one.</summary>
    private static string Project(string version, string? packages) => PackagesFolder()
        .Replace(
            Template("VptConsole.csproj"),
            match => packages is null
                ? ""
                : match.Groups["source"].Value.Replace("PACKAGES_FOLDER", InProject(packages), StringComparison.Ordinal))
        .Replace("VPTDSL_VERSION", version, StringComparison.Ordinal);

    /// <summary>A path as it stands in a project: what MSBuild and XML mean something by is written in their ways.</summary>
    private static string InProject(string path) =>
        SecurityElement.Escape(SpecialToMSBuild().Replace(path, match => $"%{(int)match.Value[0]:X2}"));

    /// <summary>The template's program, of another backbone, an entry of it, another normalisation and another declaration.</summary>
    private static string Program(
        ModelDeclaration declaration, ModelDescription model, string backbone, string? entry, Normalization? normalization)
    {
        string program = Weights().Replace(
            Template("Program.cs"), _ => Literal(backbone) + (entry is null ? "" : $", entry: {Literal(entry)}"));
        if (normalization is not null)
        {
            string numbers = $"{Inputs.OfChannels(normalization, model.Channels)}";
            program = Pixels().Replace(program, _ => $"Normalization.Parse({Literal(numbers)})");
        }

        if (model.IsMultiLabel)
            program = ForSeveralClasses.Aggregate(program, (text, change) => text.Replace(change.Of, change.To, StringComparison.Ordinal));
        return Declaration().Replace(program, _ => $"{declaration}\n");
    }

    private static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);

    private static string Template(string file)
    {
        using var reader = new StreamReader(typeof(NewCommand).Assembly.GetManifestResourceStream(file)!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@" *<!--#if[^\n]*\n(?<source>.*?) *<!--#endif -->\r?\n", RegexOptions.Singleline)]
    private static partial Regex PackagesFolder();

    [GeneratedRegex("[%$@;*?'()]")]
    private static partial Regex SpecialToMSBuild();

    [GeneratedRegex("(?<=^Normalization pixels = )[^;]+", RegexOptions.Multiline)]
    private static partial Regex Pixels();

    [GeneratedRegex("\"hf:[^\"]+\"")]
    private static partial Regex Weights();

    [GeneratedRegex(@"^\[.*?(?=^internal)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Declaration();
}
