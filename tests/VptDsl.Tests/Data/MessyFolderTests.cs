using System.IO.Pipes;
using System.Runtime.Versioning;
using System.Text;
using VptDsl.Data;
using VptDsl.Data.Folders;
using VptDsl.Tests.Training;
using VptDsl.Tests.Weights;
using VptDsl.Training;

namespace VptDsl.Tests.Data;

/// <summary>Folders as people have them: links, odd names and odd types change no set in silence.</summary>
public sealed class MessyFolderTests : IDisposable
{
    private static readonly ImagePipeline Pipeline = new ImagePipeline(Normalization.None).Resize(3);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private readonly ImageTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void An_image_is_told_by_its_bytes_where_its_name_does_not()
    {
        _tree.Images("dog/1.jfif", "dog/2.JPE", "dog/3.JPEG", "dog/4", "dog/5.img").Text("dog/notes.txt", "BM: no bitmap")
            .Text("dog/empty", "");

        PixelImages set = Read();

        Assert.Equal(["1.jfif", "2.JPE", "3.JPEG", "4", "5.img"], Names(set).Select(Path.GetFileName));
        Assert.Equal([("empty files", 1), ("files that are no images", 1)], Counts(set));
    }

    [Fact]
    public void Each_real_folder_is_read_once_and_where_it_lies()
    {
        _tree.Images("set/cat/1.jpg", "set/dog/1.jpg", "set/dog/deep/2.jpg", "elsewhere/3.jpg");
        Link("set/cat/self", ".");
        Link("set/cat/parent", "..");
        Link("set/cat/above", "../..");
        Link("set/cat/dogs", "../dog/deep");
        Link("set/dog/a", "b");
        Link("set/dog/b", "a");
        Link("set/dog/more", "../../elsewhere");
        Link("set/dog/again", "../../elsewhere");

        PixelImages set = Read("set");

        Assert.Equal(["cat/1.jpg", "dog/1.jpg", "dog/again/3.jpg", "dog/deep/2.jpg"], Names(set, "set"));
        Assert.Equal([("links to folders that are read already", 5), ("links to nothing", 2)], Counts(set));
    }

    [Fact]
    public void Two_classes_that_are_one_folder_are_an_error()
    {
        _tree.Images("set/cat/1.jpg");
        Link("set/kitten", "cat");

        Assert.Contains(
            "kitten: there are no images in it that are not read elsewhere: it is a link", Message("set"), StringComparison.Ordinal);
    }

    [Fact]
    public void Links_to_nothing_and_hidden_files_are_counted()
    {
        _tree.Images("cat/1.jpg", "cat/._1.jpg", "cat/.hidden/2.jpg");
        Link("cat/gone.jpg", "/nowhere/x.jpg");

        Assert.Equal([("hidden files and folders", 2), ("links to nothing", 1)], Counts(Read()));
    }

    [Fact]
    public void Names_that_are_not_UTF8_are_counted_and_as_classes_refused()
    {
        if (!OperatingSystem.IsLinux())
            return;
        _tree.Images("cat/1.jpg", "cat/2.jpg");
        Rename("cat/2.jpg", "cat/gr\xFCn.jpg");
        Assert.Equal([("names that are not UTF-8", 1)], Counts(Read()));
        _tree.Images("tea/1.jpg");
        Rename("tea", "caf\xE9");
        Assert.Contains("the folder's name is not UTF-8. Rename it.", Message(), StringComparison.Ordinal);
        Rename("caf\xE9", "tea");
        Rename("cat/gr\xFCn.jpg", "cat/2.jpg");
    }

    [Fact]
    public void An_accent_is_the_same_however_it_is_composed()
    {
        string composed = "caf\u00E9", decomposed = "cafe\u0301";
        _tree.Images($"train/{composed}/1.jpg", $"test/{decomposed}/1.jpg");

        Assert.Equal([composed], Read("test").ClassNames);
        Assert.Equal(1, ImageFolder.Read(_tree.Path("test"), Pipeline, Read("train").ClassNames).Count);
        Assert.Equal(1, ImageFolder.Read(_tree.Path("train"), Pipeline, [decomposed]).Count);
    }

    [SkippableFact]
    public void Two_folders_of_one_class_are_an_error()
    {
        _tree.Images("caf\u00E9/1.jpg", "cafe\u0301/2.jpg", "tea/1.jpg");
        Skip.If(Directory.GetDirectories(_tree.Root).Length < 3, "This file system composes accents itself.");
        Assert.Contains("its folders cafe\u0301 and caf\u00E9 are one class", Message(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Empty_files_are_counted_and_a_pipe_beside_the_classes_is_not_waited_for()
    {
        _tree.Images("cat/1.jpg", "dog/1.jpg").Text("cat/2.jpg", "").Text("cat/3", "");
        if (!OperatingSystem.IsWindows())
            SpecialFiles.MakePipe(_tree.Path("loose"));

        PixelImages set = await Task.Run(() => Read()).WaitAsync(Patience);

        Assert.Equal(2, set.Count);
        Assert.Equal([("empty files", 2)], Counts(set));
    }

    public static TheoryData<string, Action<string>> SpecialKinds => SpecialFiles.Kinds;

    [SkippableTheory]
    [MemberData(nameof(SpecialKinds), DisableDiscoveryEnumeration = true)]
    public async Task What_is_no_file_is_called_what_it_is(string kind, Action<string> make)
    {
        Skip.If(OperatingSystem.IsWindows(), "There are none among files.");
        foreach (string name in new[] { "cat/2.jpg", "cat/two" })
        {
            _tree.Images("cat/1.jpg");
            make(_tree.Path(name));

            var error = await Assert.ThrowsAsync<ImageDataException>(() => Task.Run(() => Read()).WaitAsync(Patience));

            Assert.Equal($"{_tree.Path(name)}: this is {kind}, not an image. Take it out.", error.Message);
            File.Delete(_tree.Path(name));
        }

        make(_tree.Path("special"));
        _tree.Text("list.txt", "cat/1.jpg 0\nspecial 1");
        var listed = await Assert.ThrowsAsync<ImageDataException>(
            () => Task.Run(() => ListFile.Read(_tree.Path("list.txt"), Pipeline)).WaitAsync(Patience));
        Assert.Contains($"line 2): this is {kind}, not an image. Take the line out.", listed.Message, StringComparison.Ordinal);

        foreach (Action read in (Action[])
            [
                () => ListFile.Read(_tree.Path("special"), Pipeline),
                () => MultiLabelFile.Read(_tree.Path("special"), Pipeline),
                () => IdxFile.ReadImages(_tree.Path("special"), _tree.Path("special"), Pipeline),
            ])
        {
            var itself = await Assert.ThrowsAsync<ImageDataException>(() => Task.Run(read).WaitAsync(Patience));
            Assert.Equal(
                $"{_tree.Path("special")}: this is {kind}, not a file. Write its content to a file, and give that.", itself.Message);
        }
    }

    /// <summary>A shell's &lt;(…) and what comes through standard input are links that tell nothing before they are opened.</summary>
    [SkippableFact]
    public void A_list_out_of_another_program_is_called_a_pipe()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Only Linux has such paths.");
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        string path = $"/proc/self/fd/{pipe.ClientSafePipeHandle.DangerousGetHandle()}";

        foreach (Action read in (Action[])
            [() => ListFile.Read(path, Pipeline), () => IdxFile.ReadImages(path, path, Pipeline)])
        {
            Assert.StartsWith($"{path}: this is a pipe, not a file.", Assert.Throws<ImageDataException>(read).Message);
        }

        Assert.Contains("this is a pipe", Assert.Throws<ImageDataException>(() => WebDataset.Read(path, Pipeline)).Message);
    }

    /// <summary>A split by a seed has the same images on every system.</summary>
    [Theory]
    [InlineData("a/x.png", "aB.png")]
    [InlineData("a/x.png", "a0.png")]
    [InlineData("a-b.png", "a/x.png")]
    public void Images_have_one_order_on_every_system(string first, string second)
    {
        Assert.True(ImageScan.CompareByPath(first, second, '/') < 0);
        Assert.True(ImageScan.CompareByPath(first.Replace('/', '\\'), second.Replace('/', '\\'), '\\') < 0);
    }

    [SkippableFact]
    public void A_device_that_is_given_as_an_image_is_called_one()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "/dev/zero is Linux's.");
        Assert.Contains(
            "/dev/zero: this is a device, not an image", Assert.Throws<ImageDataException>(() => Pipeline.ReadImage("/dev/zero")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Images_beside_the_classes_and_hidden_folders_are_counted()
    {
        _tree.Images("cat/1.jpg", "loose.jpg", "scan", ".thumbnails/1.jpg").Text("readme.md", "");

        PixelImages set = Read();

        Assert.Equal(["cat"], set.ClassNames);
        Assert.Equal([("hidden files and folders", 1), ("images beside the classes' folders", 2)], Counts(set));
    }

    [Fact]
    public void A_folder_that_may_not_be_read_is_named()
    {
        _tree.Images("cat/1.jpg", "cat/private/2.jpg");
        string closed = _tree.Path("cat/private");
        var scan = new ImageScan(_tree.Root, folder => folder == closed
            ? throw new UnauthorizedAccessException($"Access to the path '{folder}' is denied.")
            : new DirectoryInfo(folder).EnumerateFileSystemInfos());

        var error = Assert.Throws<ImageDataException>(() => scan.Run([_tree.Path("cat")]));

        Assert.Equal(closed, error.FilePath);
        Assert.Contains("the folder cannot be read (Access to the path", error.Message, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [UnsupportedOSPlatform("windows")]
    [InlineData(UnixFileMode.None)]
    [InlineData(UnixFileMode.UserRead)]
    [InlineData(UnixFileMode.UserExecute)]
    public void A_folder_that_this_user_may_not_read_is_named(UnixFileMode mode)
    {
        Skip.If(OperatingSystem.IsWindows(), "Folders have other permissions there.");
        _tree.Images("cat/1.jpg", "cat/private/2.jpg");
        string closed = _tree.Path("cat/private");
        File.SetUnixFileMode(closed, mode);
        try
        {
            Skip.If(MayRead(closed), "This user may read every folder.");
            var error = Assert.Throws<ImageDataException>(() => Read());
            Assert.StartsWith($"{closed}: the folder cannot be read (", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.SetUnixFileMode(closed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static bool MayRead(string folder)
    {
        try
        {
            return File.Exists(Path.Combine(folder, "2.jpg")) && Directory.EnumerateFiles(folder).Any();
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    [Fact]
    public void Parts_of_a_set_are_no_classes()
    {
        _tree.Images("Train/cat/1.jpg", "Train/dog/1.jpg", "val/cat/1.jpg", "extra/1.jpg");

        Assert.Contains("its folders Train, val are parts of a data set, not classes", Message(), StringComparison.Ordinal);
        Assert.Contains($"for instance {_tree.Path("Train")}", Message(), StringComparison.Ordinal);
        Assert.Equal(2, Read("Train").Count);
        Assert.Contains("If they are classes, name them (classNames).", Message(), StringComparison.Ordinal);
        Assert.Equal(3, ImageFolder.Read(_tree.Root, Pipeline, ["Train", "extra", "val"]).ClassNames.Count);
        Directory.Delete(_tree.Path("val"), recursive: true);
        Directory.Delete(_tree.Path("extra"), recursive: true);
        Assert.Contains("Train are parts of", Message(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_fit_says_once_what_was_passed_over()
    {
        _tree.Images("cat/1.jpg", "cat/2.jpg", "dog/1.jpg").Text("cat/notes.txt", "none").Text("dog/notes.txt", "none");
        using var program = new SoftmaxRegression(3, 2);
        PixelImages set = ImageFolder.Read(_tree.Root, new ImagePipeline(new Normalization(0.4f, 0.3f)).Resize(3));

        FitReport report = Trainer.Fit(
            program, new Subset(set, [0, 2]), new Subset(set, [1]), new FitOptions { Epochs = 1, Progress = ProgressDisplay.Off });

        Assert.Single(report.Warnings, warning => warning.Contains("2 files that are no images (cat", StringComparison.Ordinal));
    }

    private PixelImages Read(string folder = ".") => ImageFolder.Read(Path.GetFullPath(_tree.Path(folder)), Pipeline);

    private string Message(string folder = ".") => Assert.Throws<ImageDataException>(() => Read(folder)).Message;

    private IEnumerable<string> Names(PixelImages set, string folder = ".") => Enumerable.Range(0, set.Count)
        .Select(i => Path.GetRelativePath(_tree.Path(folder), set.NameOf(i)).Replace('\\', '/'));

    private static IEnumerable<(string, int)> Counts(PixelImages set) => set.PassedOver.Select(passed => (passed.Reason, passed.Count));

    private void Link(string name, string target) => Directory.CreateSymbolicLink(_tree.Path(name), target);

    // .NET writes names as UTF-8 only; a shell takes any bytes.
    private void Rename(string from, string to)
    {
        static string Bytes(string name) =>
            string.Concat(Encoding.Latin1.GetBytes(name).Select(b => $"\\{Convert.ToString(b, 8).PadLeft(3, '0')}"));
        Shell($"mv \"$(printf '{Bytes(from)}')\" \"$(printf '{Bytes(to)}')\"");
    }

    private void Shell(string command)
    {
        var start = new System.Diagnostics.ProcessStartInfo("/bin/sh") { WorkingDirectory = _tree.Root };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(command);
        using var shell = System.Diagnostics.Process.Start(start)!;
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }
}
