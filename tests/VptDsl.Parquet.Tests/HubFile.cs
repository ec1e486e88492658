using System.Globalization;
using Parquet;
using Parquet.Schema;
using SkiaSharp;

namespace VptDsl.Parquet.Tests;

/// <summary>
/// Writes Parquet files with the layout of the datasets library: a structure of bytes and path, a class, and what the names are.
/// </summary>
internal sealed class HubFile : IDisposable
{
    public static readonly DataField Bytes = new("bytes", typeof(byte[]), isNullable: true);

    public static readonly DataField Path = new("path", typeof(string), isNullable: true);

    public static readonly Field Image = new StructField("image", Bytes, Path);

    public string Folder { get; } = Directory.CreateTempSubdirectory("vptdsl-parquet-").FullName;

    public string PathOf(string name) => System.IO.Path.Combine(Folder, name);

    /// <summary>A small picture whose brightness tells it from others.</summary>
    public static byte[] Picture(int brightness)
    {
        using var bitmap = new SKBitmap(12, 9, SKColorType.Gray8, SKAlphaType.Opaque);
        bitmap.GetPixelSpan().Fill((byte)brightness);
        using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
        return png.ToArray();
    }

    /// <summary>What a file says of a column of classes.</summary>
    public static string Features(params string[] names)
    {
        string list = string.Join(", ", names.Select(name => $"\"{name}\""));
        return """{"info": {"features": {"image": {"_type": "Image"}, "label": {"names": [LIST], "_type": "ClassLabel"}}}}"""
            .Replace("LIST", list, StringComparison.Ordinal);
    }

    /// <summary>Writes a file of rows with a picture and a class each, so many rows in a group; one may be without its picture.</summary>
    public string WriteLabelled(
        string name, int?[] labels, int groupRows = 2, string? features = null, Func<int, int>? brightnessOf = null,
        int? without = null)
    {
        var label = new DataField("label", typeof(long), isNullable: true);
        return Write(name, [Image, label], features, labels.Length, groupRows, async (group, rows) =>
        {
            await WriteImages(
                group, Bytes, Path, [.. rows.Select(row => row == without ? null : Picture(brightnessOf?.Invoke(row) ?? row))]);
            await group.WriteAsync<long>(label, rows.Select(row => (long?)labels[row]).ToArray());
        });
    }

    /// <summary>Writes a file group by group.</summary>
    public string Write(
        string name, Field[] fields, string? features, int count, int groupRows, Func<ParquetRowGroupWriter, int[], Task> write)
    {
        WriteAsync().GetAwaiter().GetResult();
        return PathOf(name);

        async Task WriteAsync()
        {
            await using FileStream file = File.Create(PathOf(name));
            await using ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), file);
            if (features is not null)
                writer.CustomMetadata = new Dictionary<string, string> { ["huggingface"] = features };
            foreach (int[] rows in Enumerable.Range(0, count).Chunk(groupRows))
            {
                using ParquetRowGroupWriter group = writer.CreateRowGroup();
                await write(group, rows);
            }
        }
    }

    public static async Task WriteImages(ParquetRowGroupWriter group, DataField bytes, DataField? path, byte[]?[] images)
    {
        await group.WriteAsync<ReadOnlyMemory<byte>>(
            bytes, images.Select(image => image is null ? (ReadOnlyMemory<byte>?)null : image.AsMemory()).ToArray());
        if (path is not null)
        {
            await group.WriteAsync(
                path, images.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"{i}.png")).ToArray());
        }
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
