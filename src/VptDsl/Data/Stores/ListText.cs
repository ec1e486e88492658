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
}
