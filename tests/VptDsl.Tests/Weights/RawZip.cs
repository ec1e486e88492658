using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using VptDsl.Weights.Zip;

namespace VptDsl.Tests.Weights;

/// <summary>Zip archives put together by hand, so that their directories can lie.</summary>
internal sealed class RawZip
{
    private readonly MemoryStream _content = new();
    private readonly MemoryStream _directory = new();
    private int _entries;

    /// <summary>The files of an archive, with their true sizes and checksums.</summary>
    public static byte[] Pack(bool deflate, params (string Name, byte[] Content)[] files)
    {
        var zip = new RawZip();
        foreach (var (name, content) in files)
        {
            zip.Add(name, content, deflate);
        }

        return zip.Finish();
    }

    /// <summary>Adds a file; what is null is stated as it is.</summary>
    public RawZip Add(
        string name,
        byte[] content,
        bool deflate = false,
        uint? size = null,
        uint? storedSize = null,
        ushort? method = null,
        ushort flags = 0,
        uint? offset = null,
        string? localName = null,
        byte[]? extra = null)
    {
        byte[] stored = deflate ? Deflate(content) : content;
        uint localOffset = (uint)_content.Position;
        Write(_content, 0x04034b50u, (ushort)20, flags, method ?? (deflate ? 8 : 0), 0u);
        Write(_content, Crc32.Append(0, content), (uint)stored.Length, (uint)content.Length);
        byte[] localNameText = Encoding.UTF8.GetBytes(localName ?? name);
        Write(_content, (ushort)localNameText.Length, (ushort)0);
        _content.Write(localNameText);
        _content.Write(stored);

        Write(_directory, 0x02014b50u, (ushort)20, (ushort)20, flags, method ?? (deflate ? 8 : 0), 0u);
        Write(_directory, Crc32.Append(0, content), storedSize ?? (uint)stored.Length, size ?? (uint)content.Length);
        Write(_directory, (ushort)Encoding.UTF8.GetByteCount(name), (ushort)(extra?.Length ?? 0), (ushort)0, (ushort)0, (ushort)0, 0u);
        Write(_directory, offset ?? localOffset);
        _directory.Write(Encoding.UTF8.GetBytes(name));
        _directory.Write(extra ?? []);
        _entries++;
        return this;
    }

    /// <summary>The archive with its directory and its end; what is null is stated as it is.</summary>
    public byte[] Finish(ushort? entries = null, uint? directoryOffset = null, uint? directorySize = null, byte[]? beforeEnd = null)
    {
        uint offset = (uint)_content.Position;
        _directory.WriteTo(_content);
        _content.Write(beforeEnd ?? []);
        Write(_content, 0x06054b50u, (ushort)0, (ushort)0, entries ?? (ushort)_entries, entries ?? (ushort)_entries);
        Write(_content, directorySize ?? (uint)_directory.Length, directoryOffset ?? offset, (ushort)0);
        return _content.ToArray();
    }

    /// <summary>Fields of 16, 32 and 64 bits, little-endian.</summary>
    public static byte[] Fields(params object[] fields)
    {
        var stream = new MemoryStream();
        Write(stream, fields);
        return stream.ToArray();
    }

    private static void Write(Stream stream, params object[] fields)
    {
        byte[] bytes = new byte[8];
        foreach (object field in fields)
        {
            ulong value = field is int small ? (ulong)small : Convert.ToUInt64(field);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
            stream.Write(bytes, 0, field is ushort or int ? 2 : field is uint ? 4 : 8);
        }
    }

    private static byte[] Deflate(byte[] content)
    {
        var stream = new MemoryStream();
        using (var deflate = new DeflateStream(stream, CompressionLevel.Optimal))
        {
            deflate.Write(content);
        }

        return stream.ToArray();
    }
}
