using System.Globalization;
using VptDsl.Common;
using VptDsl.Data;

namespace VptDsl.Parquet;

/// <summary>A file without a name, which nobody else sees and which vanishes with the process, however that ends.</summary>
internal sealed class ScratchFile
{
    private readonly string _folder;
    private readonly FileStream _file;

    /// <summary>Creates one.</summary>
    /// <param name="folder">Where it takes room.</param>
    /// <exception cref="ImageDataException">It cannot be created there.</exception>
    public ScratchFile(string folder)
    {
        _folder = folder;
        string path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"vptdsl-{Guid.NewGuid():N}"));
        try
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.Delete,
                BufferSize = 0,
                Options = OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None,
            };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            _file = new FileStream(path, options);
            // Elsewhere than on Windows a file without a name stays until it is closed, also by a kill.
            if (!OperatingSystem.IsWindows())
                File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed(e);
        }
    }

    /// <summary>Its end.</summary>
    public long Length { get; private set; }

    /// <summary>Writes pieces behind each other at the end, for one thread at a time.</summary>
    /// <exception cref="ImageDataException">There is no room.</exception>
    public void Append(IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        try
        {
            RandomAccess.Write(_file.SafeFileHandle, pieces, Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed(e);
        }

        Length += pieces.Sum(piece => (long)piece.Length);
    }

    /// <summary>Reads what lies at a place; for any number of threads.</summary>
    /// <exception cref="ImageDataException">The system cannot.</exception>
    public void Read(Span<byte> destination, long offset)
    {
        try
        {
            while (!destination.IsEmpty)
            {
                int read = RandomAccess.Read(_file.SafeFileHandle, destination, offset);
                if (read == 0)
                    throw new EndOfStreamException("it ends too early");
                destination = destination[read..];
                offset += read;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed(e);
        }
    }

    private ImageDataException Failed(Exception cause) => new(
        _folder, $"images cannot be unpacked there ({Quoted.Text(cause.Message.TrimEnd('.'))})",
        "Make room, or name another folder (scratchFolder, or TMPDIR in the environment).", innerException: cause);
}
