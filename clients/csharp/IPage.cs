namespace Oms.Client;

/// <summary>A part of a list.</summary>
public interface IPage<out T>
{
    IReadOnlyList<T> Items { get; }

    /// <summary>Given as <c>after</c> it leads to the next part; null at the end.</summary>
    string? Next { get; }
}
