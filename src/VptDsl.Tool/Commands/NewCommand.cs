using System.CommandLine;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using VptDsl.Tool.Models;

namespace VptDsl.Tool.Commands;

/// <summary>Writes a project that declares a model and trains it.</summary>
internal static partial class NewCommand
{
    public static Command Create()
    {
        var folder = new Argument<DirectoryInfo>("folder") { Description = "The project's folder, which gives it its name." };
        var model = new ModelOptions();
        var command = new Command("new", "Writes a project of a few lines that declares the model and tunes it on a folder of images.")
        {
            folder,
        };
        model.AddTo(command);
        command.SetAction(arguments =>
        {
            DirectoryInfo place = arguments.GetValue(folder)!;
            string name = Path.GetFileName(place.FullName.TrimEnd(Path.DirectorySeparatorChar));
            if (place.Exists && place.EnumerateFileSystemInfos().Any())
                throw new IOException($"The folder {place} is not empty: give another name.");
            ModelDeclaration declaration = model.Declare(arguments);
            CompiledModel.Of(declaration);
            place.Create();
            File.WriteAllText(Path.Combine(place.FullName, $"{name}.csproj"), Project(LibraryVersion.Text));
            File.WriteAllText(Path.Combine(place.FullName, "Program.cs"), Program(declaration, model.BackboneOf(arguments).FullName));
            Console.WriteLine($"wrote {place}: cd into it, and 'dotnet run -c Release -- FOLDER_OF_IMAGES'");
        });
        return command;
    }

    /// <summary>The template's project, without the folder of packages that it may be given there.</summary>
    private static string Project(string version) => PackagesFolder().Replace(Template("VptConsole.csproj"), "")
        .Replace("VPTDSL_VERSION", version, StringComparison.Ordinal);

    /// <summary>The template's program, of another backbone and another declaration.</summary>
    private static string Program(ModelDeclaration declaration, string backbone) => Declaration().Replace(
        Weights().Replace(Template("Program.cs"), _ => SymbolDisplay.FormatLiteral(backbone, quote: true)), _ => $"{declaration}\n");

    private static string Template(string file)
    {
        using var reader = new StreamReader(typeof(NewCommand).Assembly.GetManifestResourceStream(file)!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@" *<!--#if.*?#endif -->\r?\n", RegexOptions.Singleline)]
    private static partial Regex PackagesFolder();

    [GeneratedRegex("\"hf:[^\"]+\"")]
    private static partial Regex Weights();

    [GeneratedRegex(@"^\[.*?(?=^internal)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Declaration();
}
