using System;

namespace FeatureAlignment.Dashboard.Storage;

/// <summary>What is stored can't be read by this program; nothing has been changed.</summary>
public sealed class StoreFormatException(string message) : FormatException(message);
