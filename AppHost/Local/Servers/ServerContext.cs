namespace Oms.AppHost.Local;

/// <summary>What a server needs to know of the platform it belongs to.</summary>
internal sealed record ServerContext(DataFolder Folder, int Port, string User, string Password, bool DiesWithLauncher)
{
    public Signal? DeathSignal(Signal signal) => DiesWithLauncher ? signal : null;
}
