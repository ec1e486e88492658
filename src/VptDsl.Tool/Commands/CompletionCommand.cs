using System.CommandLine;

namespace VptDsl.Tool.Commands;

/// <summary>Teaches a shell to complete commands and options.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        _vpt() {
            local IFS=$'\n'
            COMPREPLY=( $(compgen -W "$(vpt "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}") )
        }
        complete -o default -F _vpt vpt
        """;

    private const string Zsh = """
        _vpt() {
            local suggestions=("${(@f)$(vpt "[suggest:${#BUFFER}]" "${BUFFER}" 2>/dev/null)}")
            compadd -a suggestions || _files
        }
        compdef _vpt vpt
        """;

    private const string Fish = """
        complete -c vpt -a '(vpt "[suggest:"(commandline -C)"]" (commandline) 2>/dev/null)'
        """;

    private const string PowerShell = """
        Register-ArgumentCompleter -Native -CommandName vpt -ScriptBlock {
            param($word, $line, $position)
            vpt "[suggest:$position]" "$line" | Where-Object { $_ -like "$word*" } |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
        }
        """;

    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh, fish or pwsh." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish", "pwsh");
        var command = new Command("completion", "Writes what makes a shell complete vpt, as for: eval \"$(vpt completion bash)\".")
        {
            shell,
        };
        command.SetAction(arguments => Console.WriteLine(arguments.GetValue(shell) switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            "fish" => Fish,
            _ => PowerShell,
        }));
        return command;
    }
}
