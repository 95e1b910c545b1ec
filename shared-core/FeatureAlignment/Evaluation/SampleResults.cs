namespace FeatureAlignment.Evaluation;

/// <summary>What is noted of each sample until all are through.</summary>
internal sealed class SampleResults
{
    public SampleResults(Network network, int count)
    {
        Labels = new int[count];
        Predicted = new int[count];
        DecodedErrors = new double[count];
        LayerPredicted = new int[]?[network.Layers.Count];
        LayerErrors = new double[network.Layers.Count][];
        for (int l = 0; l < network.Layers.Count; l++)
        {
            LayerPredicted[l] = SampleWorker.LayerPredicts(network, l) ? new int[count] : null;
            LayerErrors[l] = new double[count];
        }
    }

    public int[] Labels { get; }

    public int[] Predicted { get; }

    public int[]?[] LayerPredicted { get; }

    public double[][] LayerErrors { get; }

    public double[] DecodedErrors { get; }
}
