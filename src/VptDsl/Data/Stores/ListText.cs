using System.Buffers;
using System.Text;

namespace VptDsl.Data.Stores;

/// <summary>Opens lists of images within bounds that no honest list reaches.</summary>
internal static class ListText
{
    /// <summary>The largest list: 256 MiB.</summary>
    public const int MaximumBytes = 1 << 28;

    /// <summary>Opens a list.</summary>
    /// <param name="path">The list.</param>
    /// <param name="remedy">What to do if it is not there.</param>
    /// <exception cref="ImageDataException">It is missing, too large, no file, or cannot be read.</exception>
    public static FileStream Open(string path, string remedy)
    {
        try
        {
            FileStream file = PlainFile.Open(path);
            if (file.Length <= MaximumBytes)
                return file;
            file.Dispose();
            throw new ImageDataException(
                path, $"the list has more than {MaximumBytes} bytes", "Check that it is a list; split it if it is.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ImageDataException(path, "there is no such list", remedy, innerException: e);
        }
        catch (Exception e) when (e is (IOException and not ImageDataException) or UnauthorizedAccessException)
        {
            throw new ImageDataException(
                path, $"the list cannot be read ({e.Message.TrimEnd('.')})", "Check that it is a file and may be read.", innerException: e);
        }
    }

    /// <summary>What is thrown for a list that is no UTF-8. A reader of lines notices far ahead of the line that it gives.</summary>
    public static ImageDataException NotUtf8(string path, DecoderFallbackException cause)
    {
        using FileStream file = Open(path, "Give the path of a list of images.");
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        ReadOnlySpan<byte> rest = bytes;
        int line = 1;
        while (Rune.DecodeFromUtf8(rest, out Rune rune, out int length) == OperationStatus.Done)
        {
            // Carriage return and line feed together end one line.
            if (rune.Value == '\n' || (rune.Value == '\r' && rest is not [_, (byte)'\n', ..]))
                line++;
            rest = rest[length..];
        }

        return new ImageDataException(path, "the text is not UTF-8", "Save the list as UTF-8.", entry: line, innerException: cause);
    }
}
