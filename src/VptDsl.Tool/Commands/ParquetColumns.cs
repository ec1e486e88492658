using System.CommandLine;

namespace VptDsl.Tool.Commands;

/// <summary>The columns of Parquet files that are named; null where they are to be found.</summary>
internal readonly record struct ParquetColumns(string? Image, string? Label)
{
    private const string ImageOption = "--image-column", LabelOption = "--label-column";

    /// <summary>Whether images lie in Parquet files.</summary>
    public static bool HaveFiles(FileSystemInfo? place) => place?.Extension == ".parquet";

    /// <summary>How they are asked for.</summary>
    public sealed class Options
    {
        private readonly Option<string> _image = new(ImageOption)
        {
            Description = "The column of images in Parquet files. Needed where several could be it.",
        };

        private readonly Option<string> _label = new(LabelOption)
        {
            Description = "The column of classes in Parquet files. Needed where several could be it.",
        };

        /// <summary>Adds them to a command.</summary>
        public void AddTo(Command command)
        {
            command.Add(_image);
            command.Add(_label);
        }

        /// <summary>What was given.</summary>
        /// <param name="arguments">The command line.</param>
        /// <param name="places">Where images are read.</param>
        /// <exception cref="ArgumentException">Columns are named, and no place has any.</exception>
        public ParquetColumns Of(ParseResult arguments, IEnumerable<FileSystemInfo?> places)
        {
            var columns = new ParquetColumns(arguments.GetValue(_image), arguments.GetValue(_label));
            return columns == default || places.Any(HaveFiles) ? columns : throw new ArgumentException(
                $"{ImageOption} and {LabelOption} name columns of Parquet files, and no images are given in one: leave them out.");
        }
    }
}
