using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Testing.Interpretation;

/// <summary>Matrix products with their epilogues.</summary>
internal static class ProductRules
{
    public static void Product(Product operation, Invocation call)
    {
        BatchMatrix a = call.Factor(call.Inputs[0]), b = call.Factor(call.Inputs[1]);
        Finish(operation, call, (image, row, column) => Dot(operation.Layout, a, b, image, row, column));
    }

    /// <summary>Takes a product's elements through its epilogue.</summary>
    public static void Finish(ProductOperation operation, Invocation call, Func<int, int, int, double> product)
    {
        BatchMatrix beforeActivation = call.Outputs[1];
        Epilogue epilogue = operation.Epilogue;
        beforeActivation.Fill((image, row, column) => product(image, row, column) + (epilogue.Bias ? call.Inputs[2][image, 0, column] : 0));
        call.Outputs[0].Fill((image, row, column) =>
        {
            double before = beforeActivation[image, row, column];
            double activated = epilogue.Activation switch
            {
                null => before,
                Activate activate => ActivationRules.Value(activate.Kind, before),
                ActivationGradient gradient =>
                    before * ActivationRules.Derivative(gradient.Kind, call.Inputs[operation.GateInput][image, row, column]),
                _ => throw new NotSupportedException($"The interpreter has no rule for the activation {epilogue.Activation}."),
            };
            return activated + (epilogue.Residual ? call.Inputs[operation.ResidualInput][image, row, column] : 0);
        });
    }

    private static double Dot(ProductLayout layout, BatchMatrix a, BatchMatrix b, int image, int row, int column)
    {
        double sum = 0;
        switch (layout)
        {
            case ProductLayout.NT:
                for (int k = 0; k < a.Columns; k++)
                    sum += a[image, row, k] * b[image, column, k];
                return sum;
            case ProductLayout.NN:
                for (int k = 0; k < a.Columns; k++)
                    sum += a[image, row, k] * b[image, k, column];
                return sum;
            case ProductLayout.TN:
                for (int summed = 0; summed < a.Images; summed++)
                {
                    for (int k = 0; k < a.Rows; k++)
                        sum += a[summed, k, row] * b[summed, k, column];
                }

                return sum;
            default:
                throw new NotSupportedException($"The interpreter has no rule for the layout {layout}.");
        }
    }
}
