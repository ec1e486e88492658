using VptDsl.Data;

namespace VptDsl.Tests.Data;

/// <summary>A class has the same label in every list, whatever classes a list lacks; damaged lists are errors.</summary>
public sealed class FgvcDataTests : IDisposable
{
    private static readonly ImagePipeline Pipeline = Transforms.FgvcTest(8);
    private readonly ImageTree _tree = new();

    public static TheoryData<string, string> BadLists => new()
    {
        { "no valid JSON", "" },
        { "no valid JSON", "{\"a.jpg\": 1" },
        { "no valid JSON", "{\"a.jpg\": 1} x" },
        { "no valid JSON", "{\"a.jpg\": 1}{}" },
        { "the list is no object", "[1, 2]" },
        { "names no images", "{}" },
        { "entry 2: the image \"a.jpg\" is listed twice", "{\"a.jpg\": 1, \"a.jpg\": 2}" },
        { "entry 1: the class id of \"a.jpg\" is neither", "{\"a.jpg\": 1.5}" },
        { "entry 1: the class id of \"a.jpg\" is neither", "{\"a.jpg\": [1]}" },
        { "entry 1: the class id of \"a.jpg\" is neither", "{\"a.jpg\": null}" },
        { "entry 1: \"\" is no path", "{\"\": 1}" },
        { "entry 2): there is no such file", "{\"a.jpg\": 1, \"gone.jpg\": 2}" },
    };

    [Fact]
    public void Ids_are_ranked_over_all_lists_together_and_as_numbers()
    {
        _tree.Images("images/a.jpg", "images/b.jpg", "images/c.jpg")
            .Text("train.json", """{"a.jpg": 2, "b.jpg": 10, "c.jpg": 30}""").Text("test.json", """{"c.jpg": 30, "b.jpg": 10}""");

        FgvcData data = FgvcData.Open(_tree.Root);
        PixelImages train = data.Read(Pipeline, FgvcSplit.Train), test = data.Read(Pipeline, FgvcSplit.Test);

        Assert.Equal(["2", "10", "30"], data.ClassNames);
        Assert.Equal([0, 1, 2], Enumerable.Range(0, 3).Select(train.Label));
        Assert.Equal([2, 1], Enumerable.Range(0, 2).Select(test.Label));
        Assert.Equal([FgvcSplit.Train, FgvcSplit.Test], data.Splits);
    }

    [Fact]
    public void Lists_can_be_read_together_and_ids_may_be_text()
    {
        _tree.Images("a.jpg", "b.jpg").Text("train.json", """{"a.jpg": "wren"}""").Text("val.json", """{"b.jpg": "owl"}""");

        FgvcData data = FgvcData.Open(_tree.Root);
        PixelImages both = data.Read(Pipeline, FgvcSplit.Train, FgvcSplit.Val);

        Assert.Equal(["owl", "wren"], both.ClassNames);
        Assert.Equal([1, 0], [both.Label(0), both.Label(1)]);
        Assert.EndsWith("val.json, entry 1)", both.NameOf(1));
        Assert.Contains(
            "Train and Val only", Assert.Throws<ImageDataException>(() => data.Read(Pipeline, FgvcSplit.Test)).Message);
    }

    [Theory]
    [MemberData(nameof(BadLists))]
    public void A_bad_list_is_named_with_the_entry(string expected, string json)
    {
        _tree.Images("a.jpg").Text("train.json", json);

        string message = Assert.Throws<ImageDataException>(() => FgvcData.Open(_tree.Root).Read(Pipeline, FgvcSplit.Train)).Message;

        Assert.Contains(_tree.Path("train.json"), message);
        Assert.Contains(expected, message);
    }

    [Fact]
    public void A_folder_without_lists_is_refused() =>
        Assert.Contains("no train.json", Assert.Throws<ImageDataException>(() => FgvcData.Open(_tree.Root)).Message);

    public void Dispose() => _tree.Dispose();
}
