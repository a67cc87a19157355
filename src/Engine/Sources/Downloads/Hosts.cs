using System.Collections.Concurrent;

namespace Recipes.Engine.Sources.Downloads;

/// <summary>What a run has learned of hosts, so that no further download waits for one that does not answer.</summary>
internal sealed class Hosts
{
    private readonly ConcurrentDictionary<string, string> unreachable = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, bool> answered = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Why the host of an address is not asked any more; null if it is.</summary>
    public string? Fault(Uri address) => unreachable.GetValueOrDefault(address.Authority);

    /// <summary>It has begun an answer.</summary>
    public void Answered(Uri address) => answered[address.Authority] = true;

    /// <summary>No connection can be made.</summary>
    public void GiveUp(Uri address, string reason) => unreachable[address.Authority] = reason;

    /// <summary>It took too long. One that has answered before is asked again for other files.</summary>
    public void TookTooLong(Uri address, string reason)
    {
        if (!answered.ContainsKey(address.Authority))
            GiveUp(address, reason);
    }
}
