namespace Oms.AppHost.Local;

/// <summary>The file in the data folder that says what runs, so that the next start can stop what a crash left behind.</summary>
internal sealed class RunningProcesses(string file)
{
    private readonly Lock gate = new();

    public void Add(string name, ProcessIdentity process) => Change(all => all[name] = process);

    public void Remove(string name) => Change(all => all.Remove(name));

    public IReadOnlyDictionary<string, ProcessIdentity> Read()
    {
        if (!File.Exists(file))
            return new Dictionary<string, ProcessIdentity>();
        return File.ReadAllLines(file)
            .Select(line => line.Split(' '))
            .Where(parts => parts.Length == 3)
            .ToDictionary(parts => parts[0], parts => new ProcessIdentity(int.Parse(parts[1]), parts[2]));
    }

    private void Change(Action<Dictionary<string, ProcessIdentity>> change)
    {
        lock (gate)
        {
            var all = new Dictionary<string, ProcessIdentity>(Read());
            change(all);
            var draft = file + ".new";
            File.WriteAllLines(draft, all.Select(one => $"{one.Key} {one.Value.Pid} {one.Value.Started}"));
            File.Move(draft, file, overwrite: true);
        }
    }
}
