using System.Reflection;

namespace Oms.Orders.Tests;

/// <summary>Files that are part of the repository, and compared with the code.</summary>
internal static class Repository
{
    private static readonly string Root =
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(it => it.Key == "Repository").Value!;

    public static string File(string path) => Path.Combine(Root, path);

    /// <summary>Whether whoever runs the tests wants what is generated to be written anew.</summary>
    public static bool Writes(string what) => Environment.GetEnvironmentVariable(what) == "1";
}
