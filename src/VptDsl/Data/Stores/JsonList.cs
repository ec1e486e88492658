using System.Collections.Immutable;
using System.Text.Json;
using VptDsl.Common;

namespace VptDsl.Data.Stores;

/// <summary>An image and its class in a JSON list.</summary>
internal readonly record struct JsonListEntry(string Path, string ClassId);

/// <summary>Reads JSON lists of images: one object, image path to class id (a whole number or text).</summary>
internal static class JsonList
{
    private const string Remedy = "It must be one object of image paths and class ids, as in {\"a/0001.jpg\": 1}. Fetch the list again.";

    /// <summary>Reads a list.</summary>
    /// <exception cref="ImageDataException">It is missing or broken.</exception>
    public static ImmutableArray<JsonListEntry> Read(string path)
    {
        byte[] text;
        using (FileStream file = ListText.Open(path, "Give the path of a JSON list of images."))
        {
            text = new byte[file.Length];
            file.ReadExactly(text);
        }

        try
        {
            ImmutableArray<JsonListEntry> entries = Parse(path, text);
            return entries.IsEmpty ? throw new ImageDataException(path, "the list names no images", Remedy) : entries;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ImageDataException(path, $"this is no valid JSON ({e.Message.TrimEnd('.')})", Remedy, innerException: e);
        }
    }

    private static ImmutableArray<JsonListEntry> Parse(string path, ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("\uFEFF"u8))
            text = text["\uFEFF"u8.Length..];
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = 4 });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new ImageDataException(path, "the list is no object", Remedy);

        ImmutableArray<JsonListEntry>.Builder entries = ImmutableArray.CreateBuilder<JsonListEntry>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string image = reader.GetString()!;
            int number = entries.Count + 1;
            if (image.Length == 0 || image.Any(char.IsControl))
                throw new ImageDataException(path, $"{Quoted.Name(image)} is no path of an image", Remedy, entry: number);
            if (!seen.Add(image))
            {
                throw new ImageDataException(
                    path, $"the image {Quoted.Name(image)} is listed twice", "Take one of the two out.", entry: number);
            }

            entries.Add(new JsonListEntry(image, ReadId(ref reader, path, image, number)));
        }

        // Reading on to the end finds what follows the object, which would otherwise be ignored in silence.
        while (reader.Read())
        {
        }

        return entries.ToImmutable();
    }

    private static string ReadId(ref Utf8JsonReader reader, string path, string image, int number)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long id))
            return id.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return reader.TokenType == JsonTokenType.String
            ? reader.GetString()!
            : throw new ImageDataException(
                path, $"the class id of {Quoted.Name(image)} is neither a whole number nor text", Remedy, entry: number);
    }
}
