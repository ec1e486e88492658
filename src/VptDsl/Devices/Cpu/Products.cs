namespace VptDsl.Devices.Cpu;

/// <summary>Matrix products with fused epilogues.</summary>
internal static unsafe class Products
{
    /// <summary>Computes a product.</summary>
    public static void Run(CpuWorkers workers, in ProductCall call)
    {
        var copy = call;
        workers.Run((int)call.M, &RunRow, &copy);
    }

    private static void RunRow(void* context, int m)
    {
        ref var call = ref *(ProductCall*)context;
        for (int n = 0; n < call.N; n++)
        {
            double sum = 0;
            for (long k = 0; k < call.K; k++)
            {
                float a = call.Layout == ProductLayout.TN ? call.A.Row(k)[m] : call.A.Row(m)[k];
                float b = call.Layout == ProductLayout.NT ? call.B.Row(n)[k] : call.B.Row(k)[n];
                sum += a * b;
            }

            float value = (float)sum;
            if (call.Bias != null)
            {
                value += call.Bias[n];
            }

            if (call.Pre.IsPresent)
            {
                call.Pre.Row(m)[n] = value;
            }

            if (call.Gelu)
            {
                value = VectorMath.Gelu(new System.Numerics.Vector<float>(value))[0];
            }

            if (call.Gate.IsPresent)
            {
                value *= VectorMath.GeluDerivative(new System.Numerics.Vector<float>(call.Gate.Row(m)[n]))[0];
            }

            if (call.Residual.IsPresent)
            {
                value += call.Residual.Row(m)[n];
            }

            call.C.Row(m)[n] = value;
        }
    }
}
