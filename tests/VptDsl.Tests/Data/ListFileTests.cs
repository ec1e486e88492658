using VptDsl.Data;
using VptDsl.Training;

namespace VptDsl.Tests.Data;

/// <summary>Lists are read as they are meant, and an error names the list and the line. VTAB's 19 tasks are found in its layout.</summary>
public sealed class ListFileTests : IDisposable
{
    private static readonly ImagePipeline Pipeline = Transforms.Vtab(8);
    private readonly ImageTree _tree = new();

    public static TheoryData<string, string> BadLists => new()
    {
        { "names no images", "" },
        { "names no images", "\n \n" },
        { "line 2: \"b.jpg\" is not a path and a label", "a.jpg 0\nb.jpg\n" },
        { "line 1: \"a.jpg -1\" is not a path and a label", "a.jpg -1\n" },
        { "line 1: \"a.jpg 1.5\" is not a path and a label", "a.jpg 1.5" },
        { "line 1: \"a.jpg 99999999999\" is not", "a.jpg 99999999999" },
        { "line 3: the label is 2, but there are 2 classes", "a.jpg 0\n\na.jpg 2" },
        { "line 1: the path \"a?b\" has control characters", "a\0b 1" },
        { "line 1: \"7\" is not a path", "7" },
        { "line 2): there is no such file", "a.jpg 0\ngone.jpg 1\na.jpg 0" },
        { "line 3: the label of", "a.jpg 0\nb.jpg 1\na.jpg 1" },
        { "is 1, but 0 in line 1. Take one of the two lines out.", "a.jpg 0\nb.jpg 1\na.jpg 1" },
        { "line 2: \"a.jpg 0 1\" has several labels", "a.jpg 0\na.jpg 0 1" },
        { "line 1: \"a.jpg,0,1\" has several labels", "a.jpg,0,1" },
        { "2 of the 3 files are missing", "a.jpg 0\ngone.jpg 1\ngone2.jpg 0" },
    };

    [Fact]
    public void A_line_is_a_path_and_a_label()
    {
        _tree.Images("a.jpg", "b.jpg", "images/with space.jpg")
            .Text("list.txt", "\uFEFFa.jpg 3\r\n\r\n  images/with space.jpg\t0 \r\nb.jpg 1");

        PixelImages set = ListFile.Read(_tree.Path("list.txt"), Pipeline);

        Assert.Equal([3, 0, 1], Enumerable.Range(0, set.Count).Select(set.Label));
        Assert.Equal(["0", "1", "2", "3"], set.ClassNames);
        Assert.Equal($"{_tree.Path("images/with space.jpg")} ({_tree.Path("list.txt")}, line 3)", set.NameOf(1));
    }

    [Fact]
    public void Images_may_lie_elsewhere()
    {
        _tree.Images("data/a.jpg", "data/b.jpg").Text("lists/train.txt", $"a.jpg 0\n{_tree.Path("data/b.jpg")} 1");

        Assert.Equal(2, ListFile.Read(_tree.Path("lists/train.txt"), Pipeline, root: _tree.Path("data"), ["x", "y"]).Count);
    }

    [Theory]
    [InlineData("a.jpg,0\nmy images/1.jpg,1")]
    [InlineData("image,label\r\na.jpg,0\r\nmy images/1.jpg,1\r\n")]
    [InlineData("\uFEFFfile;class\n\"a.jpg\"; 0\n\"my images/1.jpg\";\"1\"")]
    [InlineData("\"a.jpg\" 0\n\"my images/1.jpg\"\t1")]
    public void Commas_quotes_and_column_names_are_understood(string text)
    {
        _tree.Images("a.jpg", "my images/1.jpg").Text("list.csv", text);

        PixelImages set = ListFile.Read(_tree.Path("list.csv"), Pipeline);

        Assert.Equal([0, 1], Enumerable.Range(0, set.Count).Select(set.Label));
    }

    [Fact]
    public void Labels_that_count_from_1_are_refused()
    {
        _tree.Images("a.jpg", "b.jpg").Text("list.txt", "a.jpg 1\nb.jpg 2");

        Assert.Contains(
            "count from 1", Assert.Throws<ImageDataException>(() => ListFile.Read(_tree.Path("list.txt"), Pipeline)).Message);
        Assert.Equal(2, ListFile.Read(_tree.Path("list.txt"), Pipeline, classNames: ["x", "y", "z"]).Count);
    }

    [Theory]
    [MemberData(nameof(BadLists))]
    public void A_bad_list_is_named_with_the_line(string expected, string text)
    {
        string message = Message(_tree.Images("a.jpg").Text("list.txt", text));

        Assert.Contains(_tree.Path("list.txt"), message);
        Assert.Contains(expected, message);
    }

    [Fact]
    public void Lines_that_repeat_another_are_counted()
    {
        _tree.Images("a.jpg", "b.jpg").Text("list.txt", "a.jpg 0\nb.jpg 1\na.jpg 0\na.jpg 0");
        PixelImages set = ListFile.Read(_tree.Path("list.txt"), Pipeline);

        Assert.Equal((4, 2), (set.Count, set.Repeated));
        Assert.EndsWith(
            "2 lines repeat an earlier one.",
            Assert.Single(PassedOverAdvice.Warnings(set, new Subset(set, [0]))),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_that_is_no_text_or_not_there_is_named()
    {
        Assert.Contains("not UTF-8", Message(_tree.File("list.txt", [(byte)'a', 0xFF, 0xFE, (byte)'\n'])));
        // A reader of lines decodes far ahead of the line that it gives.
        byte[] lines = [.. "été.jpg 0\r\n"u8, .. "b.jpg 0\r"u8, .. "c.jpg 0\n"u8, (byte)'d', 0xE9, .. " 0\ne.jpg 0\n"u8];
        Assert.Contains("line 4", Message(_tree.File("list.txt", lines)));
        File.Delete(_tree.Path("list.txt"));
        Assert.Contains("no such list", Message(_tree));
        Directory.CreateDirectory(_tree.Path("list.txt"));
        Assert.Contains("cannot be read", Message(_tree));
    }

    [Fact]
    public void A_broken_image_is_named_with_its_line()
    {
        _tree.Images("a.jpg").File("b.jpg", "<html>not found</html>"u8.ToArray()).Text("list.txt", "a.jpg 0\nb.jpg 1");
        PixelImages set = ListFile.Read(_tree.Path("list.txt"), Pipeline);

        var error = Assert.Throws<ImageDataException>(() => set.CopyImage(1, new float[set.Shape.Floats]));

        Assert.Equal((_tree.Path("b.jpg"), _tree.Path("list.txt"), 2), (error.FilePath, error.ListPath, error.Entry));
        Assert.Contains($"{_tree.Path("b.jpg")} ({_tree.Path("list.txt")}, line 2): this is a web page", error.Message);
    }

    [Fact]
    public void Vtab_has_its_19_tasks_in_3_groups()
    {
        Assert.Equal(19, VtabTask.All.Select(task => task.Name).Distinct().Count());
        Assert.Equal([7, 4, 8], VtabTask.All.GroupBy(task => task.Group).Select(group => group.Count()));
        Assert.Equal(940, VtabTask.All.Sum(task => task.Classes));
        Assert.Equal("cifar", VtabTask.Get("cifar100").Name);
        Assert.Contains("smallnorb_ele", Assert.Throws<ArgumentException>(() => VtabTask.Get("imagenet")).Message);
    }

    [Fact]
    public void A_Vtab_task_is_read_from_its_lists()
    {
        _tree.Images("kitti/images/test/0.jpg", "kitti/images/test/1.jpg", "kitti/images/train/1.jpg", "cifar_100/a.jpg")
            .Text("kitti/train800.txt", "images/train/1.jpg 2").Text("kitti/test.txt", "images/test/0.jpg 3\nimages/test/1.jpg 0")
            .Text("cifar_100/val200.txt", "a.jpg 100");

        Assert.Equal(["cifar", "kitti"], VtabTask.In(_tree.Root).Select(task => task.Name));
        Assert.Equal(1, VtabTask.Get("kitti").Read(_tree.Root, VtabSplit.Train800, Pipeline).Count);
        PixelImages test = VtabTask.Get("kitti").Read(_tree.Root, VtabSplit.Test, Pipeline);
        Assert.Equal((2, 4), (test.Count, test.ClassNames.Count));
        Assert.EndsWith("train800val200.txt", VtabTask.Get("kitti").ListPath(_tree.Root, VtabSplit.Train800Val200));

        Assert.Contains("there are 100 classes", VtabError("cifar", VtabSplit.Val200));
        Assert.Contains("no such list", VtabError("kitti", VtabSplit.Val200));
        Assert.Contains("no such folder", VtabError("dtd", VtabSplit.Test));
    }

    public void Dispose() => _tree.Dispose();

    private static string Message(ImageTree tree) =>
        Assert.Throws<ImageDataException>(() => ListFile.Read(tree.Path("list.txt"), Pipeline, classNames: ["x", "y"])).Message;


    private string VtabError(string task, VtabSplit split) =>
        Assert.Throws<ImageDataException>(() => VtabTask.Get(task).Read(_tree.Root, split, Pipeline)).Message;
}
