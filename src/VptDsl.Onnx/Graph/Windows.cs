using System.Globalization;

namespace VptDsl.Onnx.Graph;

/// <summary>The windows of a square grid that was moved up and to the left.</summary>
internal readonly record struct Windows(int Side, int Window, int Shift)
{
    // As Swin's authors have it: not an infinity, so that such a weight is small and not nothing.
    private const float Masked = -100;

    /// <summary>Windows on a side.</summary>
    public int OnSide => Side / Window;

    /// <summary>All windows.</summary>
    public int Count => OnSide * OnSide;

    /// <summary>Tokens of a window.</summary>
    public int Tokens => Window * Window;

    /// <summary>
    /// What is added to scores of tokens that were no neighbours before the grid was moved: [windows, 1, tokens, tokens].
    /// </summary>
    public float[] Mask()
    {
        float[] mask = new float[Count * Tokens * Tokens];
        for (int i = 0; i < mask.Length; i++)
        {
            int window = i / (Tokens * Tokens), query = i / Tokens % Tokens, key = i % Tokens;
            mask[i] = CameAround(window, query) == CameAround(window, key) ? 0 : Masked;
        }

        return mask;
    }

    /// <summary>What names the mask.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"mask of windows of {Window} in a grid of {Side} moved by {Shift}");

    /// <summary>Whether a token's line, and its column, came from the other side of the grid.</summary>
    private (bool Line, bool Column) CameAround(int window, int token) =>
        (IsPastEnd((window / OnSide * Window) + (token / Window)), IsPastEnd((window % OnSide * Window) + (token % Window)));

    private bool IsPastEnd(int place) => place >= Side - Shift;
}
