using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using VptDsl.Programs;
using VptDsl.Serving;
using VptDsl.Tasks;
using VptDsl.Tool.Hosting;
using VptDsl.Tool.Models;
using VptDsl.Weights;

namespace VptDsl.Tool.Commands;

/// <summary>Answers for a folder of tasks over HTTP.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var model = new ModelOptions();
        Option<string> device = DeviceOption.Create();
        var tasks = new Option<DirectoryInfo>("--tasks")
        {
            Description = "The folder of the task files, NAME.safetensors each: what comes, changes or goes there does so while it serves.",
            Required = true,
        };
        Option<string?> urls = ListeningOption.Create(
            "Where to listen, as http://0.0.0.0:8080 for every address of the machine.", usual: "http://localhost:5000");
        var command = new Command("serve", "Answers for a folder of tasks over HTTP: one backbone, any number of tasks (docs/serving.md).")
        {
            tasks, urls, device,
        };
        model.AddTo(command);
        command.SetAction(async (arguments, _) =>
        {
            DirectoryInfo folder = arguments.GetValue(tasks)!;
            if (!folder.Exists)
                throw new DirectoryNotFoundException($"There is no folder {folder}: make it, and put task files into it.");
            using Device where = DeviceOption.Open(arguments.GetValue(device));
            (string Path, TaskInfo Task)? first = FirstTask(folder);
            ModelDeclaration declaration = first is { Task: var stated } ? model.Declare(arguments, stated) : model.Declare(arguments);
            CompiledModel compiled = CompiledModel.Of(declaration, where);

            WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls(arguments.GetValue(urls)!);
            // What ends the host is this command's error, and would be told twice.
            builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("VptDsl", LogLevel.Information)
                .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
            builder.Services.AddVptDslTasks(
                _ => LikeTask(model.Load(arguments, compiled, where, seed: 0), first?.Path),
                options => options.TaskFolder = folder.FullName);
            using var interruption = Interruption.Begin();
            await using WebApplication app = builder.Build();
            app.MapVptDslTasks();
            app.MapVptDslHealth();
            await Listening.StartAsync(app, arguments.GetValue(urls)!);
            Console.WriteLine(declaration);
            Console.WriteLine($"listening on {string.Join(", ", app.Urls)}, on {where.Name}; Ctrl-C ends it");
            await HostLife.AwaitAsync(app, interruption.Token);
        });
        return command;
    }

    /// <summary>Gives a model what tasks hold and do not train, such as frozen prompts: it lies there once, for all of them.</summary>
    private static Tuner LikeTask(Tuner model, string? task)
    {
        if (task is null || !model.Model.Parameters.Any(p => p.Kind != ParameterKind.Backbone && p.Region == Region.Weights))
            return model;
        try
        {
            model.LoadTask(task);
        }
        catch (WeightFileException)
        {
            // The server says what is wrong with it, and answers for the others.
        }

        return model;
    }

    /// <summary>What the first task of the folder says of itself, null where none is whole.</summary>
    private static (string Path, TaskInfo Task)? FirstTask(DirectoryInfo folder)
    {
        FileInfo[] files = [.. folder.EnumerateFiles("*.safetensors").OrderBy(file => file.FullName, StringComparer.Ordinal)];
        foreach (FileInfo file in files)
        {
            try
            {
                return (file.FullName, TaskFile.Inspect(file.FullName));
            }
            catch (WeightFileException)
            {
                // The server says what is wrong with it, and answers for the others.
            }
        }

        if (files.Length == 0)
            Note(folder);
        return null;
    }

    /// <summary>Says that there is no task, and which file would be one by another name.</summary>
    private static void Note(DirectoryInfo folder)
    {
        FileInfo? other = folder.EnumerateFiles().OrderBy(file => file.Name, StringComparer.Ordinal)
            .FirstOrDefault(file => Inputs.IsTask(file.FullName));
        Errors.Say(
            $"note: there is no NAME.safetensors in {folder} yet."
            + (other is null ? "" : $" {Printable.Of(other.Name)} is a task file: to serve it, call it so.")
            + " Tasks that come must be of the declaration below: give --prompts, --tune or --head for others.");
    }
}
