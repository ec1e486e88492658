using System.Text;

namespace VptDsl.Tool.Shell;

/// <summary>Standard output, whose failing is a sentence: it ends a program whose result it is, and no other.</summary>
/// <remarks>A terminal may close, the disk under a log fill up. A reader who has had enough, as <c>head</c>, is no failure.</remarks>
internal sealed class StandardOutput : TextWriter
{
    private static bool _isOptional;

    private readonly TextWriter? _output;
    private readonly Exception? _closed;
    private bool _isSaid;

    private StandardOutput()
    {
        try
        {
            _output = Console.Out;
        }
        catch (Exception e) when (IsFailure(e))
        {
            _closed = e;
        }
    }

    /// <inheritdoc/>
    public override Encoding Encoding => _output?.Encoding ?? Encoding.Default;

    /// <summary>Has results written in UTF-8, which is what programs read; a terminal says itself what it shows.</summary>
    /// <remarks>
    /// Windows writes in the console's code page, to files and to other programs too, and has no letters that it lacks; its terminals show
    /// UTF-8 where they are told that it comes. The next program in the console finds its code page as it was.
    /// </remarks>
    public static void WriteUtf8()
    {
        if (!OperatingSystem.IsWindows() && !Console.IsOutputRedirected)
            return;
        Encoding before = Console.OutputEncoding;
        if (TrySet(new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) && OperatingSystem.IsWindows())
            AppDomain.CurrentDomain.ProcessExit += (_, _) => TrySet(before);
    }

    /// <summary>Begins to watch over what is written to the console.</summary>
    public static void Watch() => Console.SetOut(new StandardOutput());

    /// <summary>Says that the program's result is a file, so that it goes on where its output cannot be written.</summary>
    public static void MakeOptional() => _isOptional = true;

    /// <inheritdoc/>
    public override void Write(char value) => Try(output => output.Write(value));

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Try(output => output.Write(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(string? value) => Try(output => output.Write(value));

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Try(output => output.WriteLine(value));

    /// <inheritdoc/>
    public override void Flush() => Try(output => output.Flush());

    private static bool TrySet(Encoding encoding)
    {
        try
        {
            Console.OutputEncoding = encoding;
            return true;
        }
        catch (Exception e) when (IsFailure(e))
        {
            // A console that takes none shows what it can.
            return false;
        }
    }

    private static bool IsFailure(Exception e) => e is IOException or UnauthorizedAccessException;

    private void Try(Action<TextWriter> write)
    {
        try
        {
            write(_output ?? throw _closed!);
        }
        catch (Exception e) when (IsFailure(e))
        {
            string reason = e is IOException ? e.Message.TrimEnd('.') : "it is closed, or open for reading only";
            string sentence = $"Standard output cannot be written to: {reason}.";
            if (!_isOptional)
                throw new IOException(sentence, e);
            if (!_isSaid)
                Errors.Say($"{sentence} The work goes on without it.");
            _isSaid = true;
        }
    }
}
