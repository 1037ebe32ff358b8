using ChunkStream.Grains.Files;
using ChunkStream.Grains.Paths;
using ChunkStream.Grains.Sessions;
using ChunkStream.Grains.Transfers;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Storage;
using Xunit;

namespace ChunkStream.Tests.Grains.State;

/// <summary>
/// States that were stored by earlier versions still load. A golden value is never changed; a member that is added gets a new golden
/// value beside the old ones, which then load with the member's default.
/// </summary>
public sealed class StoredStateTests
{
    private readonly OrleansGrainStorageSerializer _serializer =
        new(new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>());

    [Fact]
    public void A_stored_transfer_loads()
    {
        TransferRecord loaded = Load<TransferRecord>(
            "IOgAHSHoQCFdCokBlqxLd7zOswIJmoBXQSFdCokBlqxLd7zOswIJmoBYQSFdCokBlqxLd7zOswIJmoBZCQMFQQthbGljZUEXYS8uLi/DvC5tb3YhYICW"
            + "mAABBABAASkBDeAJAwUxAeUEFjMlY2h1bmtzdHJlYW0uaG9tZVtdABsh6EATZ2F0ZXdheS0xQRF2b2x1bWUtMOAg6MAnQRF2b2x1bWUtMeAg6MAnQRF2"
            + "b2x1bWUtMuAg6MAnQRF2b2x1bWUtMOAg6MAnQRF2b2x1bWUtMeAg6MAnQRF2b2x1bWUtMuAg6MAnQRF2b2x1bWUtMOAg6MAnQRF2b2x1bWUtMeAg6MAn"
            + "QRF2b2x1bWUtMuAg6MAnQRF2b2x1bWUtMOAg6MAnQRF2b2x1bWUtMeAg6MAnQRF2b2x1bWUtMuAg6MAnQRF2b2x1bWUtMODg4AkDDQkDCUEFazEhgOB0"
            + "HperSd4IgQAAAAAAAAAA4CGAYAu3l6tJ3giBAAAAAAAAAADgAQMhQEEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAeAhQEECAgICAgICAgIC"
            + "AgICAgICAgICAgICAgICAgICAgICAuABFQkReUEhTm8gcGF0aCBpcyBsZWZ0LgED4A==");
        TransferRecord expected = StoredStates.Transfer;
        Assert.Equal(expected.Plan.Homes, loaded.Plan.Homes);
        // Lists are compared above: a record compares them by reference.
        Assert.Equal(expected, loaded with { Plan = loaded.Plan with { Homes = expected.Plan.Homes } });
    }

    [Fact]
    public void A_stored_transfer_with_its_history_loads()
    {
        TransferRecord loaded = Load<TransferRecord>(
            "IOgAHSHoQCFdCokBlqxLd7zOswIJmoBXQSFdCokBlqxLd7zOswIJmoBYQSFdCokBlqxLd7zOswIJmoBZCQMFQQthbGljZUEXYS8uLi/DvC5tb3YhYICWmAAB"
            + "BABAASkBDeAJAwUxAeUEFjMlY2h1bmtzdHJlYW0uaG9tZVtdABsh6EATZ2F0ZXdheS0xQRF2b2x1bWUtMOAg6MAnQRF2b2x1bWUtMeAg6MAnQRF2b2x1bWUt"
            + "MuAg6MAnQRF2b2x1bWUtMOAg6MAnQRF2b2x1bWUtMeAg6MAnQRF2b2x1bWUtMuAg6MAnQRF2b2x1bWUtMOAg6MAnQRF2b2x1bWUtMeAg6MAnQRF2b2x1bWUt"
            + "MuAg6MAnQRF2b2x1bWUtMOAg6MAnQRF2b2x1bWUtMeAg6MAnQRF2b2x1bWUtMuAg6MAnQRF2b2x1bWUtMODg4AkDDQkDCUEFazEhgOB0HperSd4IgQAAAAAA"
            + "AAAA4CGAYAu3l6tJ3giBAAAAAAAAAADgAQMhQEEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAeAhQEECAgICAgICAgICAgICAgICAgICAgICAgIC"
            + "AgICAgICAuABFQkReUEhTm8gcGF0aCBpcyBsZWZ0LgEDMQEhVwUUeVJlYWRPbmx5TGlzdEludGVyZmFjZUNvZGVjYDFbW2NodW5rc3RyZWFtLnRyYW5zZmVy"
            + "LmZhaWx1cmVdXQAFIegggOB0HperSd4IgQAAAAAAAAAA4AkRecGTIYBgOOiYq0neCIEAAAAAAAAAAODgIOgggOC64bqrSd4IgQAAAAAAAAAA4AkRfUEbTm90"
            + "aGluZyBjYW1lLsEB4OAhQEEFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBeDg");
        TransferRecord expected = StoredStates.TransferWithHistory;
        Assert.Equal(expected.Failures, loaded.Failures);
        Assert.Equal(expected, loaded with { Plan = loaded.Plan with { Homes = expected.Plan.Homes }, Failures = expected.Failures });
    }

    [Fact]
    public void A_stored_transfer_key_loads() => Assert.Equal(StoredStates.TransferKey, Load<TransferKeyRecord>(
        "IOhAIV0KiQGWrEt3vM6zAgmagFfg"));

    [Fact]
    public void A_stored_session_loads()
    {
        SessionRecord loaded = Load<SessionRecord>(
            "IOhAIV0KiQGWrEt3vM6zAgmagFcJAwUhYICWmAABBABAASkBDeAhQCkNBAACAQEAAAAAAAAAAAAAAAICAeAhQCENAAAAAAAAAAIBAQAAAAAA4CGA4HQe"
            + "l6tJ3giBAAAAAAAAAADgIYDgoU+Yq0neCIEAAAAAAAAAAODg");
        SessionRecord expected = StoredStates.Session;
        Assert.Equal(expected.Committed.ToBytes(), loaded.Committed.ToBytes());
        Assert.Equal(expected.Failed.ToBytes(), loaded.Failed.ToBytes());
        Assert.Equal(expected, loaded with { Committed = expected.Committed, Failed = expected.Failed });
    }

    [Fact]
    public void A_stored_file_loads()
    {
        FileRecord loaded = Load<FileRecord>(
            "IOgADSHoQCFdCokBlqxLd7zOswIJmoBZQQthbGljZUERZmlsbS5tb3YhYICWmAABBABAASkBDeAhQEEDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMD"
            + "AwMDA+AhQEEEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBOAxAeUEFjMlY2h1bmtzdHJlYW0uaG9tZVtdABsh6EATZ2F0ZXdheS0xQRF2b2x1"
            + "bWUtMOAg6MAnQRF2b2x1bWUtMeAg6MAnQRF2b2x1bWUtMuAg6MAnQRF2b2x1bWUtMOAg6MAnQRF2b2x1bWUtMeAg6MAnQRF2b2x1bWUtMuAg6MAnQRF2"
            + "b2x1bWUtMOAg6MAnQRF2b2x1bWUtMeAg6MAnQRF2b2x1bWUtMuAg6MAnQRF2b2x1bWUtMOAg6MAnQRF2b2x1bWUtMeAg6MAnQRF2b2x1bWUtMuAg6MAn"
            + "QRF2b2x1bWUtMODgCQMFIYDgdB6Xq0neCIEAAAAAAAAAAODgIYDgNIjBdEreCIEAAAAAAAAAAOABA+A=");
        FileRecord expected = StoredStates.File;
        Assert.Equal(expected.File.Homes, loaded.File.Homes);
        Assert.Equal(expected, loaded with { File = loaded.File with { Homes = expected.File.Homes } });
    }

    [Fact]
    public void A_stored_file_with_its_checks_loads()
    {
        FileRecord loaded = Load<FileRecord>(
            "IOgADSHoQCFdCokBlqxLd7zOswIJmoBZQQthbGljZUERZmlsbS5tb3YhYICWmAABBABAASkBDeAhQEEDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMD"
            + "A+AhQEEEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBOAxAeUEFjMlY2h1bmtzdHJlYW0uaG9tZVtdABsh6EATZ2F0ZXdheS0xQRF2b2x1bWUtMOAg"
            + "6MAnQRF2b2x1bWUtMeAg6MAnQRF2b2x1bWUtMuAg6MAnQRF2b2x1bWUtMOAg6MAnQRF2b2x1bWUtMeAg6MAnQRF2b2x1bWUtMuAg6MAnQRF2b2x1bWUtMOAg"
            + "6MAnQRF2b2x1bWUtMeAg6MAnQRF2b2x1bWUtMuAg6MAnQRF2b2x1bWUtMOAg6MAnQRF2b2x1bWUtMeAg6MAnQRF2b2x1bWUtMuAg6MAnQRF2b2x1bWUtMODg"
            + "CQMFIYDgdB6Xq0neCIEAAAAAAAAAAODgIYDgNIjBdEreCIEAAAAAAAAAAOABAzEBrWRObG1SZWFkT25seUxpc3RJbnRlcmZhY2VDb2RlY2AxW1tjaHVua3N0"
            + "cmVhbS5maWxlLmNoZWNrXV0AAyHoIAAHQSFdCokBlqxLd7zOswIJmoBZwQHBASGA4PTx6z1L3giBAAAAAAAAAADgYYCWmABheZaYACFAQQMDAwMDAwMDAwMD"
            + "AwMDAwMDAwMDAwMDAwMDAwMDAwMD4CFAQQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA4OAB0QElAREBBQkDBeDg4A==");
        FileRecord expected = StoredStates.FileWithChecks;
        Assert.Equal(expected.Checks, loaded.Checks);
        Assert.Equal(expected, loaded with { File = loaded.File with { Homes = expected.File.Homes }, Checks = expected.Checks });
    }

    [Fact]
    public void A_stored_path_loads() => Assert.Equal(StoredStates.Path, Load<PathRecord>(
        "IOgg6AgDBYGgaAYAAAAAAIEAAAAAYOM2QYEAAAAAAACwP2EAABAAAUEBCSGA4HQel6tJ3giBAAAAAAAAAADgAQUBCeDg"));

    [Fact]
    public void What_is_stored_today_loads_today()
    {
        Assert.Equal(StoredStates.TransferKey, Load<TransferKeyRecord>(Store(StoredStates.TransferKey)));
        Assert.Equal(StoredStates.Path, Load<PathRecord>(Store(StoredStates.Path)));
        Assert.Equal(StoredStates.Transfer.Plan.Name, Load<TransferRecord>(Store(StoredStates.Transfer)).Plan.Name);
        Assert.Equal(StoredStates.Session.Committed.Count, Load<SessionRecord>(Store(StoredStates.Session)).Committed.Count);
        Assert.Equal(StoredStates.FileWithChecks.Checks, Load<FileRecord>(Store(StoredStates.FileWithChecks)).Checks);
        Assert.Equal(StoredStates.File.File.ContentHash, Load<FileRecord>(Store(StoredStates.File)).File.ContentHash);
    }

    private T Load<T>(string stored) => _serializer.Deserialize<T>(new BinaryData(Convert.FromBase64String(stored)))!;

    private string Store<T>(T state) => Convert.ToBase64String(_serializer.Serialize(state));
}
