using System.Xml.Linq;
using VptDsl.Tool.Reports;
using VptDsl.Training;

namespace VptDsl.Tests.Tool.Reports;

/// <summary>What was taken for what can be seen of two classes and of a thousand, and no class's name is markup.</summary>
public sealed class ConfusionChartTests
{
    [Fact]
    public void Few_classes_are_a_table_of_numbers()
    {
        var confusion = new ConfusionMatrix(2);
        for (int i = 0; i < 10; i++)
            confusion.Add(0, i == 0 ? 1 : 0);
        var table = XElement.Parse(ConfusionChart.Of(confusion, ["<b>", "a \"b\""]).Text);

        Assert.Equal("9 1  ", string.Join(' ', table.Descendants("td").Select(cell => cell.Value)));
        XElement[] cells = [.. table.Descendants("td").Where(cell => cell.Value.Length > 0)];
        Assert.Equal(["right l6", "wrong l2"], cells.Select(cell => cell.Attribute("class")!.Value));
        Assert.Equal("<b> taken for a \"b\"", cells[1].Attribute("title")!.Value);
    }

    [Theory]
    [InlineData(25)]
    [InlineData(1000)]
    [InlineData(5000)]
    public void Many_classes_are_a_map_in_which_one_mistake_can_be_seen(int classes)
    {
        var confusion = new ConfusionMatrix(classes);
        for (int label = 0; label < classes; label++)
            confusion.Add(label, label);
        confusion.Add(3, classes - 1);
        var map = XElement.Parse(ConfusionChart.Of(confusion, [.. Enumerable.Range(0, classes).Select(i => $"<{i}>")]).Text);

        XElement[] cells = [.. map.Descendants("path").Where(path => path.Attribute("class") is not null)];
        Assert.Equal(["right l5", "right l6", "wrong l5"], cells.Select(path => path.Attribute("class")!.Value));
        string side = cells[2].Attribute("d")!.Value.Split('h', 'v')[1];
        Assert.InRange(double.Parse(side, System.Globalization.CultureInfo.InvariantCulture), classes / 201.0, 26);
        Assert.Equal(classes, cells.Sum(path => path.Attribute("d")!.Value.Count(c => c == 'M')) - 1);
    }
}
