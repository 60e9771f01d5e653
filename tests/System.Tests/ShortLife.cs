namespace Oms.SystemTests;

/// <summary>Settings of a platform that lives only for its tests.</summary>
internal static class ShortLife
{
    /// <summary>
    /// Code waits four seconds (hexadecimal milliseconds) before it is compiled a second time: processes that die every other minute do not live to profit from it,
    /// and have the cores for what is tested.
    /// </summary>
    public static Dictionary<string, string> Environment => new() { ["DOTNET_TC_CallCountingDelayMs"] = "FA0" };
}
