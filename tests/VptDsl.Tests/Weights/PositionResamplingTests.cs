using VptDsl.Programs;
using VptDsl.Weights;
using VptDsl.Weights.Positions;

namespace VptDsl.Tests.Weights;

/// <summary>Positions for another image size are those that PyTorch and SciPy compute.</summary>
public sealed class PositionResamplingTests : IDisposable
{
    private const int Width = 3;

    private static readonly (int From, int To)[] Grids =
        [(1, 3), (2, 2), (2, 7), (3, 4), (4, 3), (7, 14), (14, 16), (14, 12), (16, 5), (24, 14), (9, 1)];

    private readonly TempFolder _folder = new();

    public static TheoryData<int, int, PositionRule> Cases
    {
        get
        {
            var cases = new TheoryData<int, int, PositionRule>();
            foreach (var (from, to) in Grids)
            {
                foreach (var rule in Enum.GetValues<PositionRule>())
                {
                    cases.Add(from, to, rule);
                }
            }

            return cases;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_grid_is_resampled_as_the_reference_does(int from, int to, PositionRule rule)
    {
        using var golden = WeightFile.Open(GoldenFiles.Path("resampling.npz"));
        float[] grid = golden.Read($"{from}to{to}/grid");
        float[] expected = golden.Read($"{from}to{to}/{rule}");
        float[] classToken = [10, 20, 30];
        float[] resampled = new float[Width * (1 + (to * to))];

        PositionGrid.Resample(new PositionResampling(from, to, rule), prefix: 1, [.. classToken, .. grid], resampled);

        Assert.Equal(classToken, resampled[..Width]);
        float tolerance = 1e-6f * expected.Max(MathF.Abs);
        Assert.All(expected.Zip(resampled[Width..]), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }

    [Fact]
    public void Timms_names_bring_timms_rule_and_the_report_says_so()
    {
        var stored = SmallVit.Describe(image: 8);
        var model = SmallVit.Describe(image: 6);
        string path = _folder.Path("f.safetensors");
        SafetensorsWriter.Write(path, SmallVit.Backbone(stored));
        float[] loaded = [];

        var report = BackboneLoader.Load(
            path, model, (parameter, values) => loaded = parameter.Name == "pos_embed" ? values.ToArray() : loaded);

        Assert.Equal(new PositionResampling(4, 3, PositionRule.BicubicAntialias), report.Positions);
        Assert.Contains("positions resampled from 4x4 to 3x3 (bicubic, antialiased)", report.ToString());
        float[] expected = new float[4 * 10];
        PositionGrid.Resample(report.Positions!, prefix: 1, SmallVit.Values(stored.Parameters.First(p => p.Name == "pos_embed")), expected);
        Assert.Equal(expected, loaded);
    }

    [Theory]
    [InlineData(3, 5, 2, 7)]
    [InlineData(4, 4, 2, 8)]
    [InlineData(6, 2, 6, 3)]
    public void Rows_and_columns_are_resampled_each_by_their_own_numbers(int rows, int columns, int newRows, int newColumns)
    {
        const PositionRule rule = PositionRule.BicubicAntialias;
        double[] down = Draw(rows), across = Draw(columns);
        float[] grid = [.. down.SelectMany(y => across.Select(x => (float)(y * x)))], resampled = new float[newRows * newColumns];

        PositionGrid.Resample(new(new(rows, columns), new(newRows, newColumns), rule), prefix: 0, grid, resampled);

        double[] newDown = Along(ResamplingWeights.Make(rule, rows, newRows), down),
            newAcross = Along(ResamplingWeights.Make(rule, columns, newColumns), across);
        Assert.All(
            newDown.SelectMany(y => newAcross.Select(x => y * x)).Zip(resampled), p => Assert.Equal(p.First, p.Second, 1e-6));
    }

    /// <summary>As timm takes them: a checkpoint's images are squares, even where the number of their patches is the model's.</summary>
    [Fact]
    public void Positions_of_a_square_are_resampled_for_images_with_as_many_patches_in_another_shape()
    {
        string path = _folder.Path("f.safetensors");
        SafetensorsWriter.Write(path, SmallVit.Backbone(SmallVit.Describe(image: 8)));

        WeightReport report = BackboneLoader.Load(path, SmallVit.Describe(image: new PlaneSize(4, 16)), (_, _) => { });

        Assert.Equal(new PositionResampling(4, new(2, 8), PositionRule.BicubicAntialias), report.Positions);
        Assert.Contains("positions resampled from 4x4 to 2x8", report.ToString());
    }

    [Fact]
    public void Positions_that_this_library_wrote_keep_their_grid()
    {
        string path = _folder.Path("f.safetensors");
        ModelDescription wide = SmallVit.Describe(image: new PlaneSize(4, 16));
        SafetensorsWriter.Write(path, SmallVit.Backbone(wide), BackboneMetadata.Write(wide, normalization: null));

        Assert.Null(BackboneLoader.Load(path, wide, (_, _) => { }).Positions);
        Assert.Equal(
            new PositionResampling(new(2, 8), 4, PositionRule.BicubicAntialias),
            BackboneLoader.Load(path, SmallVit.Describe(image: 8), (_, _) => { }).Positions);
        Assert.Equal(new PlaneSize(4, 16), BackboneLoader.Load(path, wide, (_, _) => { }).Facts.ImageSize?.Value);
    }

    [Theory]
    [InlineData(1 + 3)]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(1 + (129 * 129))]
    public void Positions_of_no_square_grid_or_of_a_huge_one_are_misshaped(int rows)
    {
        var model = SmallVit.Describe();
        var tensors = SmallVit.Backbone(model);
        int index = tensors.FindIndex(tensor => tensor.Name == "pos_embed");
        tensors[index] = new TensorToWrite("pos_embed", [1, rows, 4], new float[rows * 4]);
        SafetensorsWriter.Write(_folder.Path("f"), tensors);

        var error = Assert.Throws<WeightFileException>(() => BackboneLoader.Load(_folder.Path("f"), model, (_, _) => { }));

        Assert.Contains($"1 of another shape: pos_embed is [1, {rows}, 4]", error.Message);
    }

    /// <summary>Metadata are anybody's: a grid without patches is nothing that could be resampled.</summary>
    [Theory]
    [InlineData("0x0")]
    [InlineData("0x7")]
    [InlineData("7x0")]
    public void A_grid_of_nothing_in_the_metadata_is_none(string grid)
    {
        // Two tokens before the patches: a single row would not be told from none.
        ModelDescription small = SmallVit.Describe();
        ModelDescription model = small with
        {
            Parameters =
            [
                .. small.Parameters.Select(p => p.Name == "pos_embed" ? p with { Shape = [1, 6, 4], Grid = new(prefix: 2, 2, 2) } : p),
            ],
        };
        var tensors = SmallVit.Backbone(small);
        tensors[tensors.FindIndex(tensor => tensor.Name == "pos_embed")] = new TensorToWrite("pos_embed", [1, 2, 4], new float[8]);
        Dictionary<string, string> metadata = BackboneMetadata.Write(model, normalization: null);
        metadata["grid"] = grid;
        SafetensorsWriter.Write(_folder.Path("f"), tensors, metadata);

        var error = Assert.Throws<WeightFileException>(() => BackboneLoader.Load(_folder.Path("f"), model, (_, _) => { }));

        Assert.Contains("1 of another shape: pos_embed is [1, 2, 4]", error.Message);
    }

    private static double[] Along(ResamplingWeights weights, double[] values)
    {
        double[,] matrix = weights.ToMatrix();
        return
        [
            .. Enumerable.Range(0, matrix.GetLength(0)).Select(i => Enumerable.Range(0, values.Length).Sum(j => matrix[i, j] * values[j])),
        ];
    }

    private static double[] Draw(int count) => [.. Enumerable.Range(0, count).Select(i => Math.Sin((1.7 * i) + count))];
}
