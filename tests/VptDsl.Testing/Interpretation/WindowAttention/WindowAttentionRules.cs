using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Testing.Interpretation;

/// <summary>Attention in windows, pair by pair: which tokens meet in a window is decided by their places after the shift.</summary>
internal static class WindowAttentionRules
{
    public static void WindowAttention(WindowAttention operation, Invocation call)
    {
        BatchMatrix output = call.Outputs[0], logSum = call.Outputs[1];
        var operands = new Operands(operation, call.Inputs, 0);
        for (int image = 0; image < output.Images; image++)
        {
            for (int head = 0; head < operation.Heads; head++)
            {
                for (int row = 0; row < output.Rows; row++)
                {
                    var scores = operands.Scores(image, head, row);
                    double largest = scores.Max(s => s.Score);
                    logSum[image, row, head] = largest + Math.Log(scores.Sum(s => Math.Exp(s.Score - largest)));
                    foreach ((Pair pair, double score) in scores)
                    {
                        double probability = Math.Exp(score - logSum[image, row, head]);
                        foreach (int c in operands.Columns(head))
                            output[image, row, c] += probability * pair.Values[image, pair.Key, c];
                    }
                }
            }
        }
    }

    public static void WindowAttentionGradient(WindowAttentionGradient operation, Invocation call)
    {
        BatchMatrix dOutput = call.Inputs[0], output = call.Inputs[1], logSum = call.Inputs[2];
        var operands = new Operands(operation.Forward, call.Inputs, 3);
        var gradients = new Operands(operation.Forward, call.Outputs, 0);
        for (int image = 0; image < output.Images; image++)
        {
            for (int head = 0; head < operation.Forward.Heads; head++)
            {
                for (int row = 0; row < output.Rows; row++)
                {
                    double outputDot = operands.Columns(head).Sum(c => dOutput[image, row, c] * output[image, row, c]);
                    foreach ((Pair pair, double score) in operands.Scores(image, head, row))
                    {
                        double probability = Math.Exp(score - logSum[image, row, head]);
                        double dProbability = operands.Columns(head).Sum(c => dOutput[image, row, c] * pair.Values[image, pair.Key, c]);
                        double dScore = probability * (dProbability - outputDot);
                        if (pair.Position is { } position)
                            gradients.Bias![0, position, head] += dScore;
                        int query = operands.QueryRow(row);
                        foreach (int c in operands.Columns(head))
                        {
                            gradients.Query[image, query, c] += operands.Scale * dScore * pair.Keys[image, pair.Key, c];
                            gradients.KeysOf(pair)[image, pair.Key, c] += operands.Scale * dScore * operands.Query[image, query, c];
                            gradients.ValuesOf(pair)[image, pair.Key, c] += probability * dOutput[image, row, c];
                        }
                    }
                }
            }
        }
    }

    /// <summary>A key that a query meets; its relative position where both are tokens of the image.</summary>
    private sealed record Pair(bool IsPrompt, BatchMatrix Keys, BatchMatrix Values, int Key, int? Position, bool IsMasked);

    /// <summary>The operands of attention, or their gradients, by what they are.</summary>
    private sealed class Operands(WindowAttention operation, IReadOnlyList<BatchMatrix> all, int first)
    {
        private readonly WindowGrid _grid = operation.Grid;

        public BatchMatrix Query => all[first];

        public BatchMatrix? Bias => operation.OfPrompts ? null : all[first + 3];

        public double Scale => 1 / Math.Sqrt(Query.Columns / operation.Heads);

        public IEnumerable<int> Columns(int head) =>
            Enumerable.Range(head * (Query.Columns / operation.Heads), Query.Columns / operation.Heads);

        public int QueryRow(int row) => operation.OfPrompts ? row % Query.Rows : row;

        public BatchMatrix KeysOf(Pair pair) => all[first + (pair.IsPrompt ? operation.PromptKey : 1)];

        public BatchMatrix ValuesOf(Pair pair) => all[first + (pair.IsPrompt ? operation.PromptKey + 1 : 2)];

        public (Pair Pair, double Score)[] Scores(int image, int head, int row) => Pairs(row).Select(pair =>
        {
            double score = Scale * Columns(head).Sum(c => Query[image, QueryRow(row), c] * pair.Keys[image, pair.Key, c]);
            return (pair, score + (pair.Position is { } position ? Bias![0, position, head] : 0) + (pair.IsMasked ? WindowGrid.Masked : 0));
        }).ToArray();

        private IEnumerable<Pair> Pairs(int row)
        {
            (int Y, int X) query = Shifted(row);
            int window = operation.OfPrompts ? row / Query.Rows : WindowOf(query);
            for (int token = 0; token < _grid.Tokens; token++)
            {
                (int Y, int X) key = Shifted(token);
                if (WindowOf(key) != window)
                    continue;
                int? position = operation.OfPrompts
                    ? null
                    : ((query.Y - key.Y + _grid.Window - 1) * _grid.Offsets) + query.X - key.X + _grid.Window - 1;
                bool isMasked = !operation.OfPrompts
                    && (CameAround(query.Y) != CameAround(key.Y) || CameAround(query.X) != CameAround(key.X));
                yield return new(false, all[first + 1], all[first + 2], token, position, isMasked);
            }

            for (int prompt = 0; operation.OverPrompts && prompt < all[first + operation.PromptKey].Rows; prompt++)
                yield return new(true, all[first + operation.PromptKey], all[first + operation.PromptKey + 1], prompt, null, false);
        }

        private (int Y, int X) Shifted(int token)
        {
            int back = _grid.Side - _grid.Shift;
            return (((token / _grid.Side) + back) % _grid.Side, ((token % _grid.Side) + back) % _grid.Side);
        }

        private int WindowOf((int Y, int X) place) => (place.Y / _grid.Window * _grid.WindowsOnSide) + (place.X / _grid.Window);

        /// <summary>Whether the shift brought a row, or a column, here from the other side of the grid.</summary>
        private bool CameAround(int shifted) => shifted >= _grid.Side - _grid.Shift;
    }
}
