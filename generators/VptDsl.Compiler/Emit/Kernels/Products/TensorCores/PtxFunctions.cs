namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Activation functions and their derivatives in PTX, by the formulas of the runtime's <c>KernelMath</c>.</summary>
/// <param name="ptx">Writes the kernel.</param>
internal sealed class PtxFunctions(PtxWriter ptx)
{
    private const float Log2E = 1.44269504f, DensityAtZero = 0.398942280f, TanhLinear = 1.59576912f, TanhCubic = 0.0713548163f,
        QuickScale = 1.702f;

    // The polynomial of KernelMath.Tail.
    private static readonly float[] TailTerms =
    [
        0.029107029f, -0.12724212f, 0.17144468f, -0.071213916f, 0.1092772f, 0.071406059f, 0.101980366f, 0.10751861f, 0.1077221f,
    ];

    private readonly string _e = ptx.Float("power"), _t = ptx.Float("share"), _p = ptx.Float("poly"), _tail = ptx.Float("tail"),
        _x = ptx.Float("argument"), _growth = ptx.Float("growth"), _isNegative = ptx.Predicate("negative");

    /// <summary>Replaces a register's value by the function of it.</summary>
    public void WriteValue(ActivationKind kind, string x)
    {
        switch (kind)
        {
            case ActivationKind.Relu:
                ptx.Line($"setp.lt.f32 {_isNegative}, {x}, {Zero}; selp.f32 {x}, {Zero}, {x}, {_isNegative};");
                break;
            case ActivationKind.Gelu:
                WriteNormalTail(x);
                ptx.Line($"sub.rn.f32 {_p}, {One}, {_tail}; selp.f32 {_tail}, {_tail}, {_p}, {_isNegative}; mul.rn.f32 {x}, {x}, {_tail};");
                break;
            default:
                WriteLogisticArgument(kind, x, withGrowth: false);
                WriteLogisticTail();
                ptx.Line($"mul.rn.f32 {_tail}, {x}, {_tail}; sub.rn.f32 {_p}, {x}, {_tail}; "
                    + $"selp.f32 {x}, {_tail}, {_p}, {_isNegative};");
                break;
        }
    }

    /// <summary>Multiplies a register by the derivative at another, which is lost.</summary>
    public void WriteGradient(ActivationKind kind, string dy, string gate)
    {
        switch (kind)
        {
            case ActivationKind.Relu:
                ptx.Line($"setp.gt.f32 {_isNegative}, {gate}, {Zero}; selp.f32 {dy}, {dy}, {Zero}, {_isNegative};");
                return;
            case ActivationKind.Gelu:
                WriteNormalTail(gate);
                ptx.Line($"sub.rn.f32 {_p}, {One}, {_tail}; selp.f32 {_tail}, {_tail}, {_p}, {_isNegative}; mul.rn.f32 {_p}, {gate}, {_e}; "
                    + $"fma.rn.f32 {_tail}, {_p}, {Number(DensityAtZero)}, {_tail};");
                break;
            default:
                WriteLogisticArgument(kind, gate, withGrowth: true);
                WriteLogisticTail();
                ptx.Line($"sub.rn.f32 {_p}, {One}, {_tail}; mul.rn.f32 {_growth}, {_growth}, {_tail}; "
                    + $"mul.rn.f32 {_growth}, {_growth}, {_p}; selp.f32 {_tail}, {_tail}, {_p}, {_isNegative}; "
                    + $"add.rn.f32 {_tail}, {_tail}, {_growth};");
                break;
        }

        ptx.Line($"mul.rn.f32 {dy}, {dy}, {_tail};");
    }

    private static string Zero => Number(0);

    private static string One => Number(1);

    /// <summary>The normal distribution's probability beyond |x|, exp(-x² / 2) beside it, and whether x is negative.</summary>
    private void WriteNormalTail(string x)
    {
        ptx.Line($"mul.rn.f32 {_e}, {x}, {x}; mul.rn.f32 {_e}, {_e}, {Number(-0.5f * Log2E)}; ex2.approx.f32 {_e}, {_e};");
        ptx.Line($"abs.f32 {_t}, {x}; fma.rn.f32 {_t}, {_t}, {Number(0.27f)}, {One}; rcp.approx.f32 {_t}, {_t};");
        ptx.Line($"mov.f32 {_p}, {Number(TailTerms[0])};");
        ptx.Lines(TailTerms.Skip(1).Select(term => $"fma.rn.f32 {_p}, {_p}, {_t}, {Number(term)};"));
        ptx.Line($"mul.rn.f32 {_tail}, {_e}, {_t}; mul.rn.f32 {_tail}, {_tail}, {_p}; setp.lt.f32 {_isNegative}, {x}, {Zero};");
    }

    /// <summary>What the logistic function is taken of, and x times its derivative.</summary>
    private void WriteLogisticArgument(ActivationKind kind, string x, bool withGrowth)
    {
        if (kind == ActivationKind.GeluTanh)
        {
            // As far as the logistic function is neither 0 nor 1 to the last digit; selections, since min and max would lose what is NaN.
            ptx.Line($"setp.lt.f32 {_isNegative}, {x}, {Number(-10)}; selp.f32 {_t}, {Number(-10)}, {x}, {_isNegative}; "
                + $"setp.gt.f32 {_isNegative}, {_t}, {Number(10)}; selp.f32 {_t}, {Number(10)}, {_t}, {_isNegative};");
            ptx.Line($"mul.rn.f32 {_p}, {_t}, {_t}; fma.rn.f32 {_x}, {_p}, {Number(TanhCubic)}, {Number(TanhLinear)}; "
                + $"mul.rn.f32 {_x}, {_x}, {_t};");
            if (withGrowth)
            {
                ptx.Line($"fma.rn.f32 {_growth}, {_p}, {Number(3 * TanhCubic)}, {Number(TanhLinear)}; "
                    + $"mul.rn.f32 {_growth}, {_growth}, {_t};");
            }

            return;
        }

        ptx.Line($"mul.rn.f32 {_x}, {x}, {Number(kind == ActivationKind.QuickGelu ? QuickScale : 1)};");
        if (withGrowth)
            ptx.Line($"mov.f32 {_growth}, {_x};");
    }

    /// <summary>The logistic function at minus the absolute argument, and whether the argument is negative.</summary>
    private void WriteLogisticTail()
    {
        ptx.Line($"abs.f32 {_e}, {_x}; mul.rn.f32 {_e}, {_e}, {Number(-Log2E)}; ex2.approx.f32 {_e}, {_e};");
        ptx.Line($"add.rn.f32 {_t}, {_e}, {One}; rcp.approx.f32 {_t}, {_t}; mul.rn.f32 {_tail}, {_e}, {_t}; "
            + $"setp.lt.f32 {_isNegative}, {_x}, {Zero};");
    }

    private static string Number(float value) => PtxWriter.Literal(value);
}
