using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Unicode;
using VptDsl.Common;

namespace VptDsl.Weights;

/// <summary>What a safetensors header says, read with distrust: it may have been damaged or made to do harm.</summary>
internal sealed record SafetensorsHeader(ImmutableArray<TensorInfo> Tensors, ImmutableSortedDictionary<string, string> Metadata)
{
    /// <summary>The longest header the format allows, in bytes.</summary>
    public const int MaxBytes = 100_000_000;

    /// <summary>The entry that holds strings instead of a tensor.</summary>
    public const string MetadataName = "__metadata__";

    /// <summary>Reads a header; whether the ranges of its tensors fit the file is for <see cref="SafetensorsLayout"/> to say.</summary>
    /// <exception cref="WeightFileException">It does not follow the format.</exception>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json, string path)
    {
        if (!Utf8.IsValid(json))
        {
            throw SafetensorsFile.Broken(path, "the header is not UTF-8 text");
        }

        if (json is not [(byte)'{', ..])
        {
            throw SafetensorsFile.Broken(path, "the header is not a JSON object");
        }

        try
        {
            return new Parser(json, path).Parse();
        }
        catch (JsonException e)
        {
            throw SafetensorsFile.Broken(path, $"the header is not valid JSON ({e.Message.TrimEnd('.')})", innerException: e);
        }
    }

    private ref struct Parser(ReadOnlySpan<byte> json, string path)
    {
        // No real tensor has more; the limit keeps a lying header from allocating much.
        private const int MaxRank = 64;

        private Utf8JsonReader _reader = new(json);

        public SafetensorsHeader Parse()
        {
            _reader.Read();
            var tensors = ImmutableArray.CreateBuilder<TensorInfo>();
            var names = new HashSet<string>(StringComparer.Ordinal);
            var metadata = ImmutableSortedDictionary<string, string>.Empty;
            while (NextProperty() is { } name)
            {
                if (!names.Add(name))
                {
                    throw Broken(name, "it is listed twice");
                }

                if (name == MetadataName)
                {
                    metadata = ParseMetadata();
                }
                else
                {
                    tensors.Add(ParseTensor(name));
                }
            }

            // Reading on makes the reader look for anything but blanks after the object.
            _reader.Read();
            return new SafetensorsHeader(tensors.ToImmutable(), metadata);
        }

        private ImmutableSortedDictionary<string, string> ParseMetadata()
        {
            Expect(JsonTokenType.StartObject, null, "the header's __metadata__ is not an object of strings");
            var metadata = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
            while (NextProperty() is { } key)
            {
                Expect(JsonTokenType.String, null, $"the header's __metadata__ {Quoted.Name(key)} is not a string");
                if (!metadata.TryAdd(key, Text()))
                {
                    throw Broken(null, $"the header's __metadata__ lists {Quoted.Name(key)} twice");
                }
            }

            return metadata.ToImmutable();
        }

        private TensorInfo ParseTensor(string name)
        {
            Expect(JsonTokenType.StartObject, name, "its entry in the header is not an object");
            string? type = null;
            ImmutableArray<long> shape = default;
            ImmutableArray<long> range = default;
            while (NextProperty() is { } field)
            {
                switch (field)
                {
                    case "dtype" when type is null:
                        type = ParseType(name);
                        break;
                    case "shape" when shape.IsDefault:
                        shape = ParseIntegers(name, "shape");
                        break;
                    case "data_offsets" when range.IsDefault:
                        range = ParseIntegers(name, "data_offsets");
                        break;
                    case "dtype" or "shape" or "data_offsets":
                        throw Broken(name, $"its {field} is given twice");
                    default:
                        _reader.Skip();
                        break;
                }
            }

            if (type is null || shape.IsDefault || range.IsDefault)
            {
                string field = type is null ? "dtype" : shape.IsDefault ? "shape" : "data_offsets";
                throw Broken(name, $"its {field} is missing");
            }

            return Describe(name, type, shape, range);
        }

        private readonly TensorInfo Describe(string name, string typeName, ImmutableArray<long> shape, ImmutableArray<long> range)
        {
            if (range is not [long begin, long end])
            {
                throw Broken(name, $"its data_offsets are {range.Length} numbers instead of 2");
            }

            if (begin > end)
            {
                throw Broken(name, $"its data begin at byte {begin}, after their end at byte {end}");
            }

            // What is not known may pack elements into bytes in any way; it is refused where it is needed, and does no harm elsewhere.
            TensorType type = TensorTypes.Parse(typeName);
            if (type == TensorType.Other)
                return new TensorInfo(name, type, shape, begin, end - begin) { TypeName = typeName };
            long? bytes = Product(shape, type.ByteSize());
            if (bytes is null)
            {
                throw Broken(name, $"its shape {Quoted.Shape(shape)} is impossibly large");
            }

            if (bytes != end - begin)
            {
                string shapeText = Quoted.Shape(shape);
                throw Broken(name, $"its shape {shapeText} of {type} takes {bytes} bytes, but its data_offsets span {end - begin}");
            }

            return new TensorInfo(name, type, shape, begin, end - begin) { TypeName = typeName };
        }

        private string ParseType(string name)
        {
            Expect(JsonTokenType.String, name, "its dtype is not a string");
            return Text();
        }

        private ImmutableArray<long> ParseIntegers(string name, string field)
        {
            Expect(JsonTokenType.StartArray, name, $"its {field} is not a list of integers");
            var integers = ImmutableArray.CreateBuilder<long>();
            while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
            {
                if (_reader.TokenType != JsonTokenType.Number || !_reader.TryGetInt64(out long integer) || integer < 0)
                {
                    throw Broken(name, $"its {field} holds something other than an integer from 0 to 2^63 - 1");
                }

                if (integers.Count == MaxRank)
                {
                    throw Broken(name, $"its {field} is longer than {MaxRank} numbers");
                }

                integers.Add(integer);
            }

            return integers.ToImmutable();
        }

        /// <summary>The next property's name, with the reader on its value; null at the end of the object.</summary>
        private string? NextProperty()
        {
            _reader.Read();
            if (_reader.TokenType != JsonTokenType.PropertyName)
            {
                return null;
            }

            string name = Text();
            _reader.Read();
            return name;
        }

        private readonly string Text()
        {
            try
            {
                return _reader.GetString()!;
            }
            catch (InvalidOperationException e)
            {
                // An escape such as \ud800 stands for half a character.
                throw SafetensorsFile.Broken(path, "the header holds a string that is not valid Unicode", innerException: e);
            }
        }

        private readonly void Expect(JsonTokenType type, string? tensor, string problem)
        {
            if (_reader.TokenType != type)
            {
                throw Broken(tensor, problem);
            }
        }

        private readonly WeightFileException Broken(string? tensor, string problem) => SafetensorsFile.Broken(path, problem, tensor);

        private static long? Product(ImmutableArray<long> shape, long product)
        {
            foreach (long dimension in shape)
            {
                if (dimension != 0 && product > long.MaxValue / dimension)
                {
                    return null;
                }

                product *= dimension;
            }

            return product;
        }
    }
}
