using System.Formats.Tar;
using System.Globalization;
using System.Text;
using VptDsl.Common;
using VptDsl.Data.Pixels;

namespace VptDsl.Data.Stores;

/// <summary>Finds the samples of a tar file: which image lies where, and which class it has.</summary>
internal static class TarIndex
{
    private const string Remedy = "Fetch the shard again, or write it again.";

    /// <summary>The longest text of a class.</summary>
    private const int LabelBytes = 64;

    /// <summary>The samples of a shard, in its order.</summary>
    /// <param name="shard">The tar file.</param>
    /// <param name="classes">Labels are less.</param>
    /// <exception cref="ImageDataException">It is missing or damaged, or a sample is not whole.</exception>
    public static List<TarredImage> Read(string shard, int classes)
    {
        if (SpecialFile.KindOf(shard) is { } kind)
            throw ImageFileReader.Special(shard, kind);
        var samples = new List<TarredImage>();
        var open = new Sample(shard, "");
        using FileStream file = Open(shard);
        RequirePlain(shard, file);
        using var reader = new TarReader(file);
        while (Next(shard, reader) is { } entry)
        {
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) || IsHidden(entry.Name))
                continue;
            (string key, string type) = Split(entry.Name);
            if (key != open.Key)
            {
                open.AddTo(samples);
                open = new Sample(shard, key);
            }

            if (ImageEndings.IsRead("." + type))
                open.Take(entry, file.Length);
            else if (type == "cls")
                open.Label = ReadLabel(shard, entry, classes);
        }

        open.AddTo(samples);
        return samples;
    }

    /// <summary>Opens a shard.</summary>
    /// <exception cref="ImageDataException">It is missing or cannot be read.</exception>
    public static FileStream Open(string shard)
    {
        try
        {
            return new FileStream(shard, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ImageDataException(shard, "there is no such file", "Give the path of a tar file.", innerException: e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(shard, e);
        }
    }

    /// <summary>The error for a shard that the system does not let be read.</summary>
    /// <param name="place">The shard, and perhaps the image in it.</param>
    /// <param name="cause">What the system said.</param>
    public static ImageDataException Unreadable(string place, Exception cause) => new(
        place, $"the shard cannot be read ({cause.Message.TrimEnd('.')})", "Check that it is a file and may be read.",
        innerException: cause);

    private static void RequirePlain(string shard, FileStream file)
    {
        if (SpecialFile.KindOf(file) is { } kind)
            throw ImageFileReader.Special(shard, kind);
        Span<byte> start = stackalloc byte[2];
        int read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        file.Position = 0;
        if (read == 0)
            throw new ImageDataException(shard, "the shard is empty", Remedy);
        if (start is [0x1F, 0x8B] or [0x28, 0xB5])
            throw new ImageDataException(shard, "the shard is compressed, and images are read where they lie", "Unpack it to a .tar file.");
    }

    private static TarEntry? Next(string shard, TarReader reader)
    {
        try
        {
            return reader.GetNextEntry();
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException or ArgumentException
            or OverflowException or NotSupportedException or InvalidOperationException)
        {
            throw new ImageDataException(
                shard, $"this is no tar file, or it is damaged ({e.Message.TrimEnd('.')})", Remedy, innerException: e);
        }
    }

    /// <summary>Whether a name begins with a dot: macOS puts what it knows of a file, <c>._a.jpg</c>, before the file itself.</summary>
    private static bool IsHidden(string name) => name.AsSpan(name.LastIndexOf('/') + 1) is ['.', ..];

    /// <summary>A sample's key, which folders are part of, and what a file is of it: what follows the name's first dot.</summary>
    private static (string Key, string Type) Split(string name)
    {
        int dot = name.IndexOf('.', name.LastIndexOf('/') + 1);
        return dot < 0 ? (name, "") : (name[..dot], name[(dot + 1)..].ToLowerInvariant());
    }

    private static int ReadLabel(string shard, TarEntry entry, int classes)
    {
        string text = "";
        if (entry is { DataStream: { } data, Length: <= LabelBytes })
        {
            byte[] bytes = new byte[entry.Length];
            text = Encoding.UTF8.GetString(bytes, 0, data.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)).Trim();
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int label))
        {
            throw new ImageDataException(
                $"{shard}, {Quoted.Name(entry.Name)}", "it holds no class, which is a whole number from 0",
                "Write it as text, as in \"17\".");
        }

        return label < classes ? label : throw new ImageDataException(
            $"{shard}, {Quoted.Name(entry.Name)}",
            FormattableString.Invariant($"the class is {label}, but there are {classes} classes, from 0 to {classes - 1}"),
            "Correct it, or name more classes.");
    }

    /// <summary>The files of one key so far.</summary>
    private sealed class Sample(string shard, string key)
    {
        private TarredImage? _image;

        public string Key => key;

        public int? Label { get; set; }

        public void Take(TarEntry entry, long end)
        {
            string name = Quoted.Name(entry.Name);
            if (_image is not null)
                throw new ImageDataException($"{shard}, {name}", "the sample has two images", "Take one of the two out.");
            if (entry.Length is < 1 or > ImageFileReader.MaximumBytes)
            {
                throw new ImageDataException(
                    $"{shard}, {name}",
                    FormattableString.Invariant($"it has {entry.Length} bytes, and an image has 1 to {ImageFileReader.MaximumBytes}"),
                    Remedy);
            }

            if (entry.DataOffset < 0 || entry.DataOffset + entry.Length > end)
                throw new ImageDataException($"{shard}, {name}", "the shard ends before the image does", Remedy);
            _image = new(shard, name, entry.DataOffset, (int)entry.Length, 0);
        }

        /// <summary>Adds it, unless it has neither an image nor a class.</summary>
        public void AddTo(List<TarredImage> samples)
        {
            if (_image is { } image)
                samples.Add(image with { Label = Label ?? throw Incomplete(image.Name, "class", "Put a .cls file beside the image.") });
            else if (Label is not null)
                throw Incomplete(Quoted.Name(key), "image", "Put the image beside the class.");
        }

        private ImageDataException Incomplete(string name, string missing, string remedy) =>
            new($"{shard}, {name}", $"the sample has no {missing}", remedy);
    }
}
