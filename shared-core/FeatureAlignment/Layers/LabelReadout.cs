using System;

namespace FeatureAlignment.Layers;

/// <summary>Softmax over a layer's logits and its cross-entropy, in nats.</summary>
public static class LabelReadout
{
    /// <summary>Turns logits into log-probabilities, in place: z[k] − ln Σ exp(z).</summary>
    /// <param name="logits">[K], K ≥ 1; overwritten.</param>
    public static void LogSoftmax(Span<float> logits)
    {
        float largest = logits[0];
        for (int k = 1; k < logits.Length; k++)
        {
            largest = Math.Max(largest, logits[k]);
        }

        double sum = 0;
        for (int k = 0; k < logits.Length; k++)
        {
            sum += ElementaryFunctions.Exp(logits[k] - largest);
        }

        float logSum = largest + ElementaryFunctions.Log((float)sum);
        for (int k = 0; k < logits.Length; k++)
        {
            logits[k] -= logSum;
        }
    }

    /// <summary>Turns logits into the residual onehot(label) − softmax(logits), in place.</summary>
    /// <param name="logits">[K], K ≥ 1; overwritten.</param>
    /// <param name="label">From 0 to K − 1.</param>
    /// <returns>The cross-entropy −ln p(label), in nats.</returns>
    public static float Residual(Span<float> logits, int label)
    {
        LogSoftmax(logits);
        float loss = -logits[label];
        for (int k = 0; k < logits.Length; k++)
        {
            logits[k] = -ElementaryFunctions.Exp(logits[k]);
        }

        logits[label] += 1;
        return loss;
    }

    /// <summary>Index of the largest value; the first of equals; 0 when all are NaN.</summary>
    public static int IndexOfLargest(ReadOnlySpan<float> values)
    {
        int best = 0;
        for (int k = 1; k < values.Length; k++)
        {
            if (values[k] > values[best])
            {
                best = k;
            }
        }

        return best;
    }
}
