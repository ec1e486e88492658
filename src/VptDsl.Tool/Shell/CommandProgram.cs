using System.CommandLine;
using System.CommandLine.Parsing;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using VptDsl.Training;

namespace VptDsl.Tool.Shell;

/// <summary>Runs a command line: whatever goes wrong is a sentence on standard error and an exit code.</summary>
internal static class CommandProgram
{
    private const string Verbose = "--verbose";

    /// <summary>Parses and runs.</summary>
    /// <returns>The exit code, see <see cref="ExitCodes"/>.</returns>
    public static int Run(RootCommand command, string[] args)
    {
        command.Add(new Option<bool>(Verbose) { Description = "Add the stack trace to an error.", Recursive = true });
        Interruption.Watch();
        StandardOutput.WriteUtf8();
        StandardOutput.Watch();
        try
        {
            // A file whose name begins with @ is a file.
            ParseResult arguments = command.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
            return arguments.Errors.Count > 0
                ? Refuse(arguments)
                : arguments.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception e)
        {
            return Report(e, args.Contains(Verbose));
        }
    }

    private static int Refuse(ParseResult arguments)
    {
        foreach (ParseError error in arguments.Errors)
            Errors.Say(error.Message);
        Errors.Say("--help says what there is.");
        return ExitCodes.Usage;
    }

    private static int Report(Exception error, bool verbose)
    {
        bool isExpected = error is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException
            or DeviceUnavailableException or TrainingDivergedException or InsufficientMemoryException or OutOfMemoryException
            or OperationCanceledException or NotSupportedException or AcceleratorException or CuBlasException;
        Errors.Say(isExpected ? Sentence(error) : $"This is a mistake in the program ({error.GetType().Name}: {Sentence(error)})");
        if (verbose)
            Errors.Say(error.ToString());
        else if (!isExpected)
            Errors.Say($"Please report it, with the command and what it prints with {Verbose}.");
        return error is OperationCanceledException && Interruption.ExitCode is { } code ? code
            : isExpected ? ExitCodes.Failure
            : ExitCodes.Bug;
    }

    /// <summary>The message without what the runtime adds for programmers.</summary>
    private static string Sentence(Exception error) => error is ArgumentException { ParamName: { } name }
        ? error.Message.Split($" (Parameter '{name}')")[0]
        : error.Message;
}
