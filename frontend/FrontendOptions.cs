using System.Net;
using System.Text.RegularExpressions;
using ChunkStream.Sdk;
using Npgsql;

namespace ChunkStream.Frontend;

/// <summary>What a frontend needs to know. Checked at start, all failures at once.</summary>
public sealed partial class FrontendOptions
{
    /// <summary>Where the <c>api-key</c> file and the spool folder are; made where it doesn't exist.</summary>
    public string DataDirectory { get; set; } = "";

    /// <summary>Further keys beside the data folder's own. Two entries of one name are two keys of one owner, as while a key is rotated.</summary>
    public IList<ApiKeyEntry> ApiKeys { get; init; } = [];

    /// <summary>
    /// The folder that bodies of <c>PUT /api/v1/files</c> pass through; each takes as much disk as it is long, until it is stored.
    /// Default: <c>spool</c> in the data folder.
    /// </summary>
    public string? SpoolDirectory { get; set; }

    /// <summary>Whether <c>/metrics</c> answers to others than this machine. Default: no.</summary>
    public bool OpenMetrics { get; set; }

    /// <summary>What lanes to the gateways run over, where the frontend moves bytes itself.</summary>
    public TransportChoice Transport { get; set; }

    /// <summary>
    /// As a process of its own: where the silos take clients. Default: one silo on this machine. Unused where a silo runs in the
    /// same process.
    /// </summary>
    public IList<string> SiloGateways { get; init; } = [];

    /// <summary>
    /// As a process of its own: the connection string of the PostgreSQL database that the silos share; they are found there, and found anew as
    /// they come and go. In place of <see cref="SiloGateways"/>. Empty, the default: not so.
    /// </summary>
    public string MembershipDatabase { get; set; } = "";

    /// <summary>As a process of its own: which cluster the silos belong to.</summary>
    public string ClusterId { get; set; } = "chunkstream";

    /// <summary>As a process of its own: the silos' service id.</summary>
    public string ServiceId { get; set; } = "chunkstream";

    internal string Spool => SpoolDirectory ?? Path.Combine(DataDirectory, "spool");

    /// <summary>Everything that is wrong with these values; empty where nothing is.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        if (string.IsNullOrWhiteSpace(DataDirectory)) problems.Add("DataDirectory is empty; it names the folder for the API key and the spool.");
        foreach (ApiKeyEntry key in ApiKeys)
        {
            if (!OwnerName().IsMatch(key.Name)) problems.Add($"ApiKeys: '{key.Name}' is not a key's name: 1 to 64 of a-z, 0-9 and hyphen.");
            if (!Sha256Hex().IsMatch(key.Sha256)) problems.Add($"ApiKeys: the Sha256 of '{key.Name}' is not 64 hex digits.");
        }
        foreach (string endpoint in SiloGateways)
            if (!IPEndPoint.TryParse(endpoint, out IPEndPoint? parsed) || parsed.Port == 0)
                problems.Add($"SiloGateways: '{endpoint}' is not an address and a port, such as 127.0.0.1:30000.");
        if (MembershipProblem() is { } membership) problems.Add(membership);
        if (string.IsNullOrWhiteSpace(ClusterId)) problems.Add("ClusterId is empty.");
        if (string.IsNullOrWhiteSpace(ServiceId)) problems.Add("ServiceId is empty.");
        return problems;
    }

    // Not shown itself: it may hold a password.
    private string? MembershipProblem()
    {
        if (MembershipDatabase.Length == 0) return null;
        if (SiloGateways.Count > 0) return $"MembershipDatabase is set, and so is SiloGateways ({string.Join(", ", SiloGateways)}); silos are found in one way.";
        try
        {
            return string.IsNullOrWhiteSpace(new NpgsqlConnectionStringBuilder(MembershipDatabase).Host)
                ? "MembershipDatabase has no Host; it names the server, or the folder of its socket."
                : null;
        }
        catch (ArgumentException exception)
        {
            return $"MembershipDatabase can't be used: {exception.Message}";
        }
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,63}\\z")]
    private static partial Regex OwnerName();

    [GeneratedRegex("^[0-9a-fA-F]{64}\\z")]
    private static partial Regex Sha256Hex();
}
