using System.Net;
using ChunkStream.Silo.Database;
using Microsoft.Extensions.Options;

namespace ChunkStream.Silo;

/// <summary>Finds everything that is wrong with the options, not only the first.</summary>
internal sealed class SiloOptionsValidator : IValidateOptions<SiloOptions>
{
    public ValidateOptionsResult Validate(string? name, SiloOptions options)
    {
        List<string> failures = [];
        if (string.IsNullOrWhiteSpace(options.DataDirectory)) failures.Add("DataDirectory is empty; it names the folder for state and keys.");
        failures.AddRange(DatabaseRules.Problems(options.Database));
        if (!IPAddress.TryParse(options.Address, out _)) failures.Add($"Address is '{options.Address}'; it is an IP address of this machine, such as 10.0.0.4.");
        CheckPort(nameof(SiloOptions.SiloPort), options.SiloPort);
        CheckPort(nameof(SiloOptions.ClientPort), options.ClientPort);
        if (options.SiloPort != 0 && options.SiloPort == options.ClientPort)
            failures.Add($"SiloPort and ClientPort are both {options.SiloPort}; they must differ.");
        if (string.IsNullOrWhiteSpace(options.ClusterId)) failures.Add("ClusterId is empty.");
        if (string.IsNullOrWhiteSpace(options.ServiceId)) failures.Add("ServiceId is empty.");
        failures.AddRange(options.Transfers.Problems().Select(problem => $"{nameof(SiloOptions.Transfers)}.{problem}"));
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void CheckPort(string option, int port)
        {
            if (port is < 0 or > 65535) failures.Add($"{option} is {port}; a port is 1 to 65535, or 0 for any free one.");
        }
    }
}
