using System;

namespace FeatureAlignment.Training;

/// <summary>The loss is no longer a finite number: the parameters in memory are spoilt, the last checkpoint is not.</summary>
public sealed class NonFiniteLossException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="layerIndex">0-based layer whose loss it was.</param>
    /// <param name="stepNumber">1-based step of the run, or of the layer with the layerwise schedule.</param>
    /// <param name="learningRate">Rate of that step.</param>
    public NonFiniteLossException(int layerIndex, long stepNumber, float learningRate)
        : base(
            $"The loss must stay finite; in layer {layerIndex + 1} it is not, in step {stepNumber} with learning rate {learningRate:G4}. "
            + "Training has stopped and the last checkpoint is kept. Try a smaller learning rate, a decay, or the optimizer adam.")
    {
        LayerIndex = layerIndex;
        StepNumber = stepNumber;
    }

    /// <summary>0-based layer whose loss it was.</summary>
    public int LayerIndex { get; }

    /// <summary>1-based step.</summary>
    public long StepNumber { get; }
}
