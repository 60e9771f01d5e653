namespace Oms.Kernel;

/// <summary>Belongs to a channel, to a location or to both, so that not everybody who may read such things sees this one.</summary>
public interface IOwned
{
    /// <summary>Null when that is not known: then nobody sees it who is restricted to channels.</summary>
    string? OwnedByChannel { get; }

    /// <summary>Null when it is at no location, or not known: then nobody sees it who is restricted to locations.</summary>
    string? OwnedByLocation { get; }
}
