using VptDsl.Devices.Cpu;

namespace VptDsl.Tests.Cpu;

/// <summary>Products are right for every layout, size, stride and epilogue, touch nothing else and do not depend on the threads.</summary>
public unsafe class ProductTests
{
    private static readonly (int Images, int Rows, int N, int K)[] Sizes =
    [
        (1, 1, 1, 1), (1, 1, 10, 7), (1, 12, 32, 5), (1, 13, 33, 8), (1, 11, 31, 9), (3, 1, 17, 40), (2, 7, 1, 3), (4, 5, 64, 64),
        (5, 29, 97, 41), (2, 101, 131, 61), (3, 50, 192, 64), (1, 1, 600, 400), (2, 4, 300, 800), (1, 300, 40, 1000), (7, 60, 96, 385),
    ];

    public static TheoryData<int, int, int, int, int, int> Cases()
    {
        var cases = new TheoryData<int, int, int, int, int, int>();
        foreach (int layout in new[] { 0, 1, 2 })
        {
            foreach (int epilogue in new[] { 0, 1, 2, 3, 4 })
            {
                foreach (var (images, rows, n, k) in Sizes)
                {
                    cases.Add(layout, epilogue, images, rows, n, k);
                }
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Product_matches_the_reference(int layout, int epilogue, int images, int rows, int n, int k)
    {
        bool weightGradient = (ProductLayout)layout == ProductLayout.TN;
        Check((ProductLayout)layout, epilogue, weightGradient ? (images, rows, k, n) : (images, rows, n, k));
    }

    // Few tiles and long sums: these are split between items.
    [Theory]
    [InlineData(1, 3200, 10, 3)]
    [InlineData(64, 100, 40, 30)]
    [InlineData(1, 7001, 64, 1)]
    public void Long_sums_match_the_reference(int images, int rows, int n, int m) => Check(ProductLayout.TN, 1, (images, rows, n, m));

    // Epilogue 2 applies the activation and keeps the value before it, 3 multiplies by its derivative.
    [Theory]
    [InlineData(0, 2, 2, 101, 131, 61)]
    [InlineData(0, 2, 3, 1, 17, 40)]
    [InlineData(1, 3, 5, 29, 97, 41)]
    [InlineData(1, 3, 1, 13, 33, 8)]
    public void Every_activation_matches_the_reference(int layout, int epilogue, int images, int rows, int n, int k) =>
        Assert.All(Enum.GetValues<ActivationKind>(), kind => Check((ProductLayout)layout, epilogue, (images, rows, n, k), kind));

    [Fact]
    public void A_gate_without_an_activation_is_refused()
    {
        using var x = new Operand(new Random(4), 1, 3, 3, 0, 0);
        var call = new ProductCall
        {
            Layout = ProductLayout.NN,
            M = 3,
            N = 3,
            K = 3,
            A = x.Matrix,
            B = x.Matrix,
            C = x.Matrix,
            Gate = x.Matrix,
        };
        using var workers = new CpuWorkers(1);
        Assert.Contains(
            "no activation", Assert.Throws<ArgumentException>(() => Products.Run(workers, call)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Left_rows_may_be_shared_by_all_images()
    {
        var random = new Random(3);
        using var a = new Operand(random, 4, 5, 20, 3, 0, shared: true);
        using var b = new Operand(random, 1, 9, 20);
        using var c = new Operand(random, 4, 5, 9, 1, 2);
        var matrices = (A: a.Matrix, B: b.Matrix, C: c.Matrix);
        Threads.AssertSameBits("shared", w => Products.Run(w, new ProductCall
        {
            Layout = ProductLayout.NT,
            M = 20,
            N = 9,
            K = 20,
            A = matrices.A,
            B = matrices.B,
            C = matrices.C,
        }), c);
        c.AssertClose("shared", (row, column) => Enumerable.Range(0, 20).Sum(i => (double)a[row % 5, i] * b[column, i]));
    }

    [Theory]
    [InlineData(0, 33, 40)]
    [InlineData(1, 33, 40)]
    [InlineData(0, 97, 800)]
    [InlineData(1, 97, 800)]
    [InlineData(0, 5, 3100)]
    public void A_packed_operand_serves_products_with_any_number_of_rows(int layout, int n, int k)
    {
        const int mostRows = 61;
        var random = new Random(5);
        bool nt = (ProductLayout)layout == ProductLayout.NT;
        using var a = new Operand(random, 1, mostRows, k);
        using var b = nt ? new Operand(random, 1, n, k) : new Operand(random, 1, k, n);
        using var c = new Operand(random, 1, mostRows, n);
        ProductCall call = CallOf((ProductLayout)layout, (mostRows, n, k), a.Matrix, b.Matrix, c.Matrix);
        Threads.AssertSameBits("packed for each call", w => Products.Run(w, call), c);
        int[] expected = c.Bits();
        using var packed = new PackedOperand(n, k, inPairs: false);
        foreach (int rows in new[] { 1, 13, mostRows })
        {
            var part = call with { M = rows };
            Threads.AssertSameBits($"packed, {rows} rows", w => Products.Run(w, part, packed), c);
            Assert.Equal(expected[..(rows * n)], c.Bits()[..(rows * n)]);
        }
    }

    // Several blocks of depth, panels that are not full, and sums long enough to be split between items.
    [Theory]
    [InlineData(0, 34, 40)]
    [InlineData(1, 34, 40)]
    [InlineData(0, 97, 800)]
    [InlineData(1, 98, 801)]
    [InlineData(0, 300, 386)]
    [InlineData(1, 300, 385)]
    [InlineData(0, 5, 3100)]
    [InlineData(1, 6, 3101)]
    public void A_right_factor_in_pairs_is_multiplied_as_its_floats_are(int layout, int n, int k)
    {
        const int mostRows = 61;
        var random = new Random(7);
        bool nt = (ProductLayout)layout == ProductLayout.NT;
        int rows = nt ? n : k, columns = nt ? k : n;
        using var a = new Operand(random, 1, mostRows, k);
        using var b = new Operand(random, 1, rows, columns);
        using var packed = new Operand(random, 1, rows, columns / 2, 3);
        using var c = new Operand(random, 1, mostRows, n);
        var (floats, pairs) = (b.Matrix, packed.Matrix);
        using var workers = new CpuWorkers(1);
        Pairs.Pack(workers, rows, columns / 2, floats, pairs);
        Pairs.Unpack(workers, rows, columns / 2, pairs, floats);
        ProductCall call = CallOf((ProductLayout)layout, (mostRows, n, k), a.Matrix, floats, c.Matrix);
        Threads.AssertSameBits("floats", w => Products.Run(w, call), c);
        int[] expected = c.Bits();
        var inPairs = call with { B = pairs, BInPairs = true };
        Threads.AssertSameBits("pairs", w => Products.Run(w, inPairs), c);
        Assert.Equal(expected, c.Bits());
        using var kept = new PackedOperand(n, k, inPairs: true);
        foreach (int m in new[] { 1, 13, mostRows })
        {
            var part = inPairs with { M = m };
            Threads.AssertSameBits($"pairs that stay packed, {m} rows", w => Products.Run(w, part, kept), c);
            Assert.Equal(expected[..(m * n)], c.Bits()[..(m * n)]);
        }
    }

    [Fact]
    public void An_operand_is_packed_once()
    {
        var random = new Random(6);
        using var a = new Operand(random, 1, 13, 40);
        using var b = new Operand(random, 1, 33, 40);
        using var c = new Operand(random, 1, 13, 33);
        ProductCall call = CallOf(ProductLayout.NT, (13, 33, 40), a.Matrix, b.Matrix, c.Matrix);
        using var workers = new CpuWorkers(2);
        using var packed = new PackedOperand(33, 40, inPairs: false);
        Products.Run(workers, call, packed);
        int[] expected = c.Bits();
        b[0, 0] = float.NaN;

        Products.Run(workers, call, packed);

        Assert.Equal(expected, c.Bits());
    }

    private static ProductCall CallOf(ProductLayout layout, (int M, int N, int K) size, in Matrix a, in Matrix b, in Matrix c) => new()
    {
        Layout = layout,
        M = size.M,
        N = size.N,
        K = size.K,
        A = a,
        B = b,
        C = c,
    };

    // For TN, size K is the number of columns of A, that is M, and the sums run over all rows.
    private static void Check(
        ProductLayout layout, int epilogue, (int Images, int Rows, int N, int K) size, ActivationKind activation = ActivationKind.Gelu)
    {
        var random = new Random(HashCode.Combine(1, size.Rows) & 0xFFFF);
        int allRows = size.Images * size.Rows;
        bool tn = layout == ProductLayout.TN;
        int m = tn ? size.K : allRows;
        int k = tn ? allRows : size.K;
        using var a = new Operand(random, size.Images, size.Rows, size.K, 5, 11);
        using var b = tn ? new Operand(random, size.Images, size.Rows, size.N, 3, 1)
            : layout == ProductLayout.NT ? new Operand(random, 1, size.N, size.K, 7)
            : new Operand(random, 1, size.K, size.N, 2);
        int images = tn ? 1 : size.Images;
        int rows = tn ? size.K : size.Rows;
        using var c = new Operand(random, images, rows, size.N, 9, 4);
        using var bias = Operand.Vector(random, size.N);
        using var pre = new Operand(random, images, rows, size.N, 1);
        using var gate = new Operand(random, images, rows, size.N, 6, 2);
        using var residual = new Operand(random, images, rows, size.N, 0, 3, shared: epilogue == 3);
        float[] old = c.Values();

        var plain = new ProductCall
        {
            Layout = layout,
            M = m,
            N = size.N,
            K = k,
            A = a.Matrix,
            B = b.Matrix,
            C = c.Matrix,
            Bias = epilogue is 1 or 2 or 3 ? bias.Data : null,
            Pre = epilogue == 2 ? pre.Matrix : default,
            Activation = epilogue is 2 or 3 ? activation : null,
            Gate = epilogue == 3 ? gate.Matrix : default,
            Residual = epilogue == 4 ? c.Matrix : epilogue is 2 or 3 ? residual.Matrix : default,
        };
        string what = $"{layout} {m}x{size.N}x{k}, epilogue {epilogue} of {activation}";
        Operand[] outputs = epilogue == 2 ? [c, pre] : [c];
        Threads.AssertSameBits(what, w => Products.Run(w, plain), outputs);

        double[] sums = Sums(layout, a, b, m, size.N, k);
        double PreActivation(long row, int column) => sums[(row * size.N) + column] + (epilogue is 1 or 2 or 3 ? bias[0, column] : 0);
        if (epilogue == 2)
        {
            pre.AssertClose(what + " pre-activation", PreActivation, _ => 2e-6 * (k + 1));
        }

        c.AssertClose(
            what,
            (row, column) => epilogue switch
            {
                2 => Reference.Value(activation, PreActivation(row, column)) + residual[row, column],
                3 => (PreActivation(row, column) * Reference.Derivative(activation, gate[row, column])) + residual[row, column],
                4 => PreActivation(row, column) + old[(row * size.N) + column],
                _ => PreActivation(row, column),
            },
            _ => 2e-7 * (k + 10));
        foreach (var operand in new[] { a, b, bias, gate, residual })
        {
            operand.AssertOnlyElementsWritten(what + " operand");
        }
    }

    private static double[] Sums(ProductLayout layout, Operand a, Operand b, int m, int n, int k)
    {
        var left = new double[m * k];
        var right = new double[n * k];
        for (int i = 0; i < left.Length; i++)
        {
            left[i] = layout == ProductLayout.TN ? a[i % k, i / k] : a[i / k, i % k];
        }

        for (int i = 0; i < right.Length; i++)
        {
            right[i] = layout == ProductLayout.NT ? b[i / k, i % k] : b[i % k, i / k];
        }

        var sums = new double[m * n];
        for (int i = 0; i < sums.Length; i++)
        {
            var row = left.AsSpan(i / n * k, k);
            var column = right.AsSpan(i % n * k, k);
            for (int j = 0; j < k; j++)
            {
                sums[i] += row[j] * column[j];
            }
        }

        return sums;
    }
}
