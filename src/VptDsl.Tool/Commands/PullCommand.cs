using System.CommandLine;
using VptDsl.Tool.Models;

namespace VptDsl.Tool.Commands;

/// <summary>Brings weights from the hub.</summary>
internal static class PullCommand
{
    public static Command Create()
    {
        var reference = new Argument<string>("reference")
        {
            Description = "hf:OWNER/NAME, with /FILE and @REVISION behind it where they are not the usual weights and main.",
        };
        var command = new Command(
            "pull", "Downloads weights from the Hugging Face hub into its own cache, and says where they are. "
                + "Broken off, it goes on from there.")
        {
            reference,
        };
        command.SetAction(arguments => Console.WriteLine(CheckpointFile.Pull(arguments.GetValue(reference)!)));
        return command;
    }
}
