namespace Oms.Sample;

/// <summary>The run cannot go on; the message says why to the one who started it.</summary>
public sealed class SampleException(string message, Exception? inner = null) : Exception(message, inner);
