using System.CommandLine;
using VptDsl.Tool.Models;

namespace VptDsl.Tool.Commands;

/// <summary>Writes a project that declares a model and trains it.</summary>
internal static class NewCommand
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

    private static string Project(string version) => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="VptDsl" Version="{version}" />
          </ItemGroup>
        </Project>

        """;

    private static string Program(ModelDeclaration declaration, string backbone) => $$"""
        using VptDsl;
        using VptDsl.Data;
        using VptDsl.Training;

        // A folder of images has a folder for each class.
        string folder = args.Length > 0 ? args[0] : throw new ArgumentException("Say which folder of images.");
        string backbone = {{Microsoft.CodeAnalysis.CSharp.SymbolDisplay.FormatLiteral(backbone, quote: true)}};

        using Device device = Device.Auto();
        using Model tuner = Model.Load(device, backbone);
        Console.WriteLine($"{tuner.Weights} on {device.Name}");

        Normalization pixels = tuner.Weights!.Facts.Normalization?.Value ?? Normalization.ImageNet;
        PixelImages images = ImageFolder.Read(folder, new ImagePipeline(pixels).Resize(Model.ImageSize));
        (Subset train, Subset validation) = Split.Stratified(images, firstCount: images.Count * 4 / 5, seed: 0);
        FitReport report = tuner.Fit(train, validation, new FitOptions { Epochs = 20, BaseLearningRate = 1 });
        Console.WriteLine(report);
        tuner.SaveTask("model.task");

        {{declaration}}
        internal sealed partial class Model;

        """;
}
