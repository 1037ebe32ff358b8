using System.Security.Cryptography;
using System.Text;

namespace ChunkStream.Frontend.Keys;

/// <summary>
/// Which keys are known, and whose they are. Only their SHA-256 is held: keys are random, so that a plain hash of one can't be
/// turned back.
/// </summary>
internal sealed class ApiKeys
{
    private readonly (byte[] Sha256, string Owner)[] _keys;

    public ApiKeys(FrontendOptions options)
    {
        IEnumerable<(byte[], string)> keys = options.ApiKeys.Select(key => (Convert.FromHexString(key.Sha256), key.Name));
        if (ApiKeyFile.Read(options.DataDirectory) is { } local) keys = keys.Append((Hash(local), ApiKeyFile.Owner));
        _keys = [.. keys];
    }

    /// <summary>Who this key belongs to, or null. Takes as long whichever key it is, and whether it is one.</summary>
    public string? OwnerOf(string key)
    {
        byte[] presented = Hash(key);
        string? owner = null;
        foreach ((byte[] sha256, string name) in _keys)
            if (CryptographicOperations.FixedTimeEquals(sha256, presented)) owner = name;
        return owner;
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
