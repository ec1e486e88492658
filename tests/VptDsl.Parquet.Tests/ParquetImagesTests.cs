using System.Globalization;
using Parquet.Schema;
using VptDsl.Data;

namespace VptDsl.Parquet.Tests;

/// <summary>
/// Rows are read as the datasets library means them, in any order and by several threads; errors name the file and the row.
/// </summary>
public sealed class ParquetImagesTests : IDisposable
{
    private static readonly ImagePipeline Pipeline = Transforms.Vtab(8);

    private readonly HubFile _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Rows_are_images_with_their_classes_over_all_files()
    {
        string features = HubFile.Features("cat", "dog", "emu");
        _files.WriteLabelled("train-00000-of-00002.parquet", [2, 0, 1, 1, 0], features: features);
        _files.WriteLabelled("train-00001-of-00002.parquet", [1, 2], features: features, brightnessOf: row => 100 + row);

        foreach (string files in new[] { "train-*.parquet", "train-{00000..00001}-of-00002.parquet" })
        {
            PixelImages set = ParquetImages.Read(_files.PathOf(files), Pipeline);

            Assert.Equal([2, 0, 1, 1, 0, 1, 2], Enumerable.Range(0, set.Count).Select(set.Label));
            Assert.Equal(["cat", "dog", "emu"], set.ClassNames);
            Assert.Equal($"{_files.PathOf("train-00001-of-00002.parquet")}, row 1", set.NameOf(6));
            int[] brightness = [0, 1, 2, 3, 4, 100, 101];
            Parallel.For(0, 200, i =>
            {
                int index = i * 3 % set.Count;
                Assert.Equal(ValueOf(brightness[index]), FirstPixel(set, index));
            });
        }
    }

    [Fact]
    public void Sets_are_matched_by_the_names_that_files_give()
    {
        string file = _files.WriteLabelled("a.parquet", [1, 0, 1], features: HubFile.Features("cat", "dog"));

        Assert.Equal([0, 2, 0], LabelsOf(ParquetImages.Read(file, Pipeline, classNames: ["dog", "emu", "cat"])));
        Fails("row 0: the class \"dog\" is none of 1 class (cat)", () => ParquetImages.Read(file, Pipeline, classNames: ["cat"]));
    }

    [Fact]
    public void Classes_without_names_are_their_numbers()
    {
        string file = _files.WriteLabelled("a.parquet", [0, 3]);

        Assert.Equal(["0", "1", "2", "3"], ParquetImages.Read(file, Pipeline).ClassNames);
        Assert.Equal(["a", "b", "c", "d"], ParquetImages.Read(file, Pipeline, classNames: ["a", "b", "c", "d"]).ClassNames);
        Fails("row 1: the class 3 is none of 1 class (a)", () => ParquetImages.Read(file, Pipeline, classNames: ["a"]));
    }

    [Fact]
    public void Plain_bytes_and_classes_as_text_are_read()
    {
        DataField image = new("img", typeof(byte[]), isNullable: true), label = new("kind", typeof(string), isNullable: true);
        string[] kinds = ["dog", "Ärger", "cat", "Ärger"];
        string file = WriteKinds("plain.parquet", image, label, kinds, groupRows: 3);

        PixelImages set = ParquetImages.Read(file, Pipeline);

        Assert.Equal(["cat", "dog", "Ärger"], set.ClassNames);
        Assert.Equal([1, 2, 0, 2], LabelsOf(set));
        Assert.Equal(ValueOf(3), FirstPixel(set, 3));
        Assert.Equal([0, 1, 2, 1], LabelsOf(ParquetImages.Read(file, Pipeline, "img", "kind", ["dog", "Ärger", "cat"])));
    }

    /// <summary>Numbers and texts have different meanings: read together, both would be wrong.</summary>
    [Theory]
    [InlineData(0, 1, "its classes are text, and those of")]
    [InlineData(1, 0, "its classes are numbers, and those of")]
    public void Files_of_numbers_and_of_text_are_not_mixed(int numbers, int texts, string message)
    {
        _files.WriteLabelled($"mixed-{numbers}.parquet", [0, 1]);
        WriteKinds($"mixed-{texts}.parquet", HubFile.Image, new("label", typeof(string), isNullable: true), ["0", "1"], groupRows: 2);

        Fails(message, () => ParquetImages.Read(_files.PathOf("mixed-*.parquet"), Pipeline));
    }

    [Fact]
    public void Lists_are_several_classes_of_an_image()
    {
        var element = new DataField("element", typeof(long), isNullable: true);
        var labels = new ListField("labels", element);
        string features = """
            {"info": {"features": {"image": {"_type": "Image"}, "labels": {"feature": {"names": ["a", "b", "c"], "_type": "ClassLabel"},
            "_type": "List"}}}}
            """;
        string file = _files.Write("many.parquet", [HubFile.Image, labels], features, 3, 3, async (group, rows) =>
        {
            await HubFile.WriteImages(group, HubFile.Bytes, HubFile.Path, [.. rows.Select(HubFile.Picture)]);
            await WriteLists(group, element, [[2, 0], [], [1]]);
        });

        MultiLabelImages set = ParquetImages.ReadMultiLabel(file, Pipeline);

        Assert.Equal(["a", "b", "c"], set.ClassNames);
        Assert.Equal([0, 2], set.ClassesOf(0));
        Assert.Empty(set.ClassesOf(1));
        Assert.Equal([1], set.ClassesOf(2));
        Assert.Equal([0], ParquetImages.ReadMultiLabel(file, Pipeline, classNames: ["b", "c", "a"]).ClassesOf(2));
        Fails("has lists: read it with ReadMultiLabel", () => ParquetImages.Read(file, Pipeline));
        string single = _files.WriteLabelled("single.parquet", [0]);
        Fails("has one class in each row: read it with Read", () => ParquetImages.ReadMultiLabel(single, Pipeline));
    }

    [Fact]
    public void Columns_are_named_where_several_could_be_meant()
    {
        DataField fine = new("fine_label", typeof(int)), coarse = new("coarse_label", typeof(int)), size = new("size", typeof(int));
        string features = """
            {"info": {"features": {"fine_label": {"names": ["a"], "_type": "ClassLabel"},
            "coarse_label": {"names": ["b"], "_type": "ClassLabel"}}}}
            """;
        string file = _files.Write("cifar.parquet", [HubFile.Image, fine, coarse, size], features, 1, 1, async (group, rows) =>
        {
            await HubFile.WriteImages(group, HubFile.Bytes, HubFile.Path, [HubFile.Picture(7)]);
            foreach (DataField field in new[] { fine, coarse, size })
                await group.WriteAsync<int>(field, new[] { 0 });
        });

        Fails("several columns could hold classes: \"fine_label\", \"coarse_label\"", () => ParquetImages.Read(file, Pipeline));
        Assert.Equal(["b"], ParquetImages.Read(file, Pipeline, labelColumn: "coarse_label").ClassNames);
        Assert.Equal(["0"], ParquetImages.Read(file, Pipeline, labelColumn: "size").ClassNames);
        Fails("no column \"text\" that holds classes", () => ParquetImages.Read(file, Pipeline, labelColumn: "text"));
        Fails("no column \"size\" that holds images", () => ParquetImages.Read(file, Pipeline, imageColumn: "size", labelColumn: "size"));
    }

    [Theory]
    [InlineData(null, "row 1: it has no class")]
    [InlineData(-1, "row 1: the class is -1, and classes are 0 to 1000000. Read a part of the set that has classes")]
    [InlineData(2_000_000, "row 1: the class is 2000000")]
    public void Rows_without_a_class_are_named(int? label, string message)
    {
        string file = _files.WriteLabelled("a.parquet", [0, label, 0]);
        Fails(message, () => ParquetImages.Read(file, Pipeline));
    }

    [Fact]
    public void Rows_without_an_image_are_named_when_they_are_read()
    {
        var label = new DataField("label", typeof(long));
        string file = _files.Write("gaps.parquet", [HubFile.Image, label], null, 4, 4, async (group, rows) =>
        {
            await HubFile.WriteImages(
                group, HubFile.Bytes, HubFile.Path, [HubFile.Picture(1), null, "no picture"u8.ToArray(), HubFile.Picture(3)]);
            await group.WriteAsync<long>(label, rows.Select(row => (long)row).ToArray());
        });
        PixelImages set = ParquetImages.Read(file, Pipeline);

        Assert.Equal(ValueOf(1), FirstPixel(set, 0));
        Assert.Equal(ValueOf(3), FirstPixel(set, 3));
        Fails("gaps.parquet, row 1: the row has no image", () => FirstPixel(set, 1));
        Fails("gaps.parquet, row 2:", () => FirstPixel(set, 2));
    }

    [Fact]
    public void Files_that_are_none_say_so()
    {
        File.WriteAllBytes(_files.PathOf("empty.parquet"), []);
        File.WriteAllText(_files.PathOf("page.parquet"), "<html>".PadRight(500));
        string good = _files.WriteLabelled("good.parquet", [0]);
        string noRows = _files.WriteLabelled("none.parquet", []);

        Fails("there is no such file", () => ParquetImages.Read(_files.PathOf("gone.parquet"), Pipeline));
        Fails("there is no file of such a name", () => ParquetImages.Read(_files.PathOf("gone-*.parquet"), Pipeline));
        Fails("there is no file of such a name", () => ParquetImages.Read(_files.PathOf("gone/*.parquet"), Pipeline));
        Fails("this is no Parquet file", () => ParquetImages.Read(_files.PathOf("empty.parquet"), Pipeline));
        Fails("this is no Parquet file", () => ParquetImages.Read(_files.PathOf("page.parquet"), Pipeline));
        Fails("it has no rows", () => ParquetImages.Read(noRows, Pipeline));
        Assert.Throws<ArgumentException>(() => ParquetImages.Read(_files.PathOf("{a}.parquet"), Pipeline));
        PixelImages nowhere = ParquetImages.Read(good, Pipeline, scratchFolder: _files.PathOf("gone"));
        Fails("images cannot be unpacked there", () => FirstPixel(nowhere, 0));
    }

    [Fact]
    public void Nothing_stays_in_the_folder_of_scratch_files()
    {
        string scratch = Directory.CreateDirectory(_files.PathOf("scratch")).FullName;
        PixelImages set = ParquetImages.Read(_files.WriteLabelled("a.parquet", [0, 1]), Pipeline, scratchFolder: scratch);
        Assert.Equal(ValueOf(1), FirstPixel(set, 1));
        if (!OperatingSystem.IsWindows())
            Assert.Empty(Directory.GetFiles(scratch));
    }

    [Fact]
    public void Cultures_do_not_matter()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("ar-SA");
            PixelImages set = ParquetImages.Read(_files.WriteLabelled("İ.parquet", [0, 12]), Pipeline);
            Assert.Equal("12", set.ClassNames[12]);
            Assert.EndsWith("row 1", set.NameOf(1), StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Null_arguments_are_named()
    {
        Assert.Equal("files", Assert.Throws<ArgumentNullException>(() => ParquetImages.Read(null!, Pipeline)).ParamName);
        Assert.Equal("pipeline", Assert.Throws<ArgumentNullException>(() => ParquetImages.Read("a", null!)).ParamName);
        Assert.Equal("files", Assert.Throws<ArgumentNullException>(() => ParquetImages.ReadMultiLabel(null!, Pipeline)).ParamName);
        Assert.Equal("pipeline", Assert.Throws<ArgumentNullException>(() => ParquetImages.ReadMultiLabel("a", null!)).ParamName);
    }

    /// <summary>Cut off anywhere, or with any byte another, a file is read or is an error of a data set.</summary>
    [Fact]
    public void Damaged_files_are_errors_of_their_own_kind()
    {
        string file = _files.WriteLabelled("whole.parquet", [0, 1, 1, 0, 1], features: HubFile.Features("cat", "dog"));
        byte[] whole = File.ReadAllBytes(file);
        var random = new Random(5);
        int errors = 0;
        for (int i = 0; i < 600; i++)
        {
            byte[] damaged = i % 4 == 0 ? whole[..random.Next(whole.Length)] : [.. whole];
            // The tables at the end and what lies before them, by turns.
            for (int change = 0; i % 4 > 0 && change < 1 + (i % 7); change++)
                damaged[i % 2 == 0 ? random.Next(whole.Length) : whole.Length - 1 - random.Next(whole.Length / 3)] = (byte)random.Next(256);
            File.WriteAllBytes(file, damaged);
            try
            {
                PixelImages set = ParquetImages.Read(file, Pipeline);
                for (int index = 0; index < set.Count; index++)
                    FirstPixel(set, index);
            }
            catch (ImageDataException e)
            {
                Assert.StartsWith(file, e.Message, StringComparison.Ordinal);
                errors++;
            }
        }

        Assert.InRange(errors, 300, 600);
    }

    private static async Task WriteLists(global::Parquet.ParquetRowGroupWriter group, DataField element, long[][] lists)
    {
        List<long> values = [];
        List<int> definitions = [], repetitions = [];
        foreach (long[] list in lists)
        {
            values.AddRange(list);
            definitions.AddRange(list.Length == 0 ? [1] : list.Select(_ => 3));
            repetitions.AddRange(list.Length == 0 ? [0] : list.Select((_, i) => i == 0 ? 0 : 1));
        }

        await group.WriteAllPartsAsync<long>(
            element, values.ToArray(), definitions.ToArray(), repetitions.ToArray(), CancellationToken.None);
    }

    private static int[] LabelsOf(PixelImages set) => [.. Enumerable.Range(0, set.Count).Select(set.Label)];

    private static float FirstPixel(IImageSource set, int index)
    {
        float[] image = new float[set.Shape.Floats];
        set.CopyImage(index, image);
        return image[0];
    }

    private static float ValueOf(int brightness) => Pipeline.ReadImage(HubFile.Picture(brightness))[0];

    private string WriteKinds(string name, Field image, DataField label, string[] kinds, int groupRows)
    {
        (DataField bytes, DataField? path) = image is DataField plain ? (plain, null) : (HubFile.Bytes, HubFile.Path);
        return _files.Write(name, [label, image], null, kinds.Length, groupRows, async (group, rows) =>
        {
            await group.WriteAsync(label, [.. rows.Select(row => kinds[row])]);
            await HubFile.WriteImages(group, bytes, path, [.. rows.Select(HubFile.Picture)]);
        });
    }

    private static void Fails(string message, Action read) =>
        Assert.Contains(message, Assert.Throws<ImageDataException>(read).Message, StringComparison.Ordinal);

    private static void Fails(string message, Func<object> read) => Fails(message, () => { read(); });
}
