namespace Oms.AppHost.Local;

/// <summary>Something the person at the keyboard can act on; printed without a stack trace.</summary>
public sealed class PlatformException(string message, Exception? inner = null) : Exception(message, inner);
