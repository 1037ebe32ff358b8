namespace ChunkStream.Sdk.Paths;

/// <summary>How soon things are noticed. Tests are in more of a hurry.</summary>
internal sealed record PathTiming
{
    /// <summary>A path that carries is looked at this often.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>A path that carries is pinged this often, and what was measured goes to the service as often.</summary>
    public TimeSpan PingEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A path that says nothing for so long, with chunks on their way, is suspected. QUIC itself takes 6 s.</summary>
    public TimeSpan SuspectAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>TCP tries for a quarter of an hour: its path is given up when the network has been silent for as long as QUIC takes.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>A gateway that opens a file first looks at its disks and its session: so long its welcome may take.</summary>
    public TimeSpan WelcomeWithin { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The longest that a gateway may take for its next answer, though the network works.</summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest that a gateway may take no chunk though it answers pings. A slow link's first chunk takes minutes.</summary>
    public TimeSpan TakeWithin { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>A connection that delivers nothing counts as up when it has stood for so long, and was heard within so long.</summary>
    public TimeSpan UpFor { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether QUIC works again is tried this often while lanes run over TLS for want of it.</summary>
    public TimeSpan QuicAgainEvery { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long one such try may take.</summary>
    public TimeSpan QuicAgainWithin { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>A long path over QUIC and BBR gets another connection so often: BBR stops those that are ten seconds old.</summary>
    public TimeSpan RenewAfter { get; init; } = TimeSpan.FromSeconds(7);

    /// <summary>What is in flight on lanes that are to be left has so long to arrive.</summary>
    public TimeSpan DrainWithin { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Addresses are looked at this often, for systems that don't tell of changes.</summary>
    public TimeSpan AddressesEvery { get; init; } = TimeSpan.FromSeconds(3);
}
