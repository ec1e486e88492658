using VptDsl.Devices.Cpu;

namespace VptDsl.Training;

/// <summary>What the logits of an image's pixels say, computed on the host.</summary>
internal static unsafe class PixelScores
{
    /// <summary>Compares the logits of an image with its label map.</summary>
    /// <param name="logits">[pixels, classes].</param>
    /// <param name="labels">[pixels].</param>
    /// <param name="ignored">The label of pixels that do not count; null where all do.</param>
    /// <param name="confusion">Counts which class was taken for which; it has the model's classes.</param>
    /// <returns>
    /// The mean cross-entropy of the pixels that count, the share told right, and how many they are; 0 where none counts.
    /// </returns>
    public static (double Loss, double Correct, int Counted) Compare(
        ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, int? ignored, ConfusionMatrix confusion)
    {
        int classes = confusion.Classes, counted = 0, correct = 0;
        double loss = 0;
        fixed (float* first = logits)
        {
            for (int pixel = 0; pixel < labels.Length; pixel++)
            {
                int label = labels[pixel];
                if (label == ignored)
                    continue;
                float* row = first + ((long)pixel * classes);
                float highest = Losses.Max(row, classes);
                loss += Math.Log(Losses.SumExp(row, highest, classes)) - (row[label] - highest);
                int predicted = ClassScores.Predicted(new ReadOnlySpan<float>(row, classes));
                confusion.Add(label, predicted);
                counted++;
                correct += predicted == label ? 1 : 0;
            }
        }

        return counted == 0 ? default : (loss / counted, correct / (double)counted, counted);
    }

    /// <summary>Writes the class with the highest logit of each pixel.</summary>
    public static void Classify(ReadOnlySpan<float> logits, int classes, Span<int> labels)
    {
        for (int pixel = 0; pixel < labels.Length; pixel++)
            labels[pixel] = ClassScores.Predicted(logits.Slice(pixel * classes, classes));
    }
}
