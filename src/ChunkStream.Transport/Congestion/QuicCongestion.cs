using System.Net.Quic;
using System.Runtime.InteropServices;

namespace ChunkStream.Transport.Congestion;

/// <summary>
/// Sets what System.Net.Quic has no setting for, the congestion control of this process's QUIC connections and how they begin, through the
/// public C interface of the libmsquic that it has loaded: connections inherit the library's global settings when they are opened. Source:
/// msquic's docs/Settings.md and docs/api/MsQuicOpenVersion.md.
/// </summary>
internal static unsafe class QuicCongestion
{
    // Of QUIC_API_TABLE, whose first members are in this order in every version 2: SetContext, GetContext, SetCallbackHandler, SetParam.
    private const int SetParamSlot = 3;
    private const uint ApiVersion = 2;
    private const uint GlobalSettings = 0x01000005;

    // Of QUIC_SETTINGS: one bit for each member that is set, then the members. Later versions only append.
    private const int SettingsBytes = 144;
    private const int InitialWindowOffset = 68, InitialRoundTripOffset = 76, AlgorithmOffset = 92;
    private const ulong InitialWindowIsSet = 1UL << 11, InitialRoundTripIsSet = 1UL << 13, AlgorithmIsSet = 1UL << 17;
    private const ushort Cubic = 0, Bbr = 1;

    // 400 packets, some 560 KB, are what our first pace has on its way in 70 ms: the pace, which knows of queues, is the limit and not this.
    // More than twice of what lanes and library buffer at first would never be used: only once half of it is are they let buffer more.
    private const uint InitialWindowPackets = 400;

    // Three times this a handshake's packet waits for an answer, and is sent again. The library's 333 ms would take a second for one that was lost,
    // in which TLS is there first; on a longer path the packet crosses twice.
    private const uint InitialRoundTripMs = 100;

    private static readonly Lock s_lock = new();
    private static CongestionControl? s_applied;

    /// <summary>What connections that are opened now use; null: the library's default.</summary>
    public static CongestionControl? Applied
    {
        get
        {
            lock (s_lock) return s_applied;
        }
    }

    /// <summary>
    /// Makes later connections of this process use it. False where the library or the setting is missing: they go on with its default,
    /// CUBIC. Asked once for each value; thread-safe.
    /// </summary>
    public static bool TryApply(CongestionControl congestion)
    {
        lock (s_lock)
        {
            if (s_applied == congestion) return true;
            if (!TrySet(congestion == CongestionControl.Bbr ? Bbr : Cubic)) return false;
            s_applied = congestion;
            return true;
        }
    }

    private static bool TrySet(ushort algorithm)
    {
        string library = OperatingSystem.IsWindows() ? "msquic.dll" : OperatingSystem.IsMacOS() ? "libmsquic.dylib" : "libmsquic.so.2";
        if (!NativeLibrary.TryLoad(library, typeof(QuicConnection).Assembly, null, out nint handle)
            || !NativeLibrary.TryGetExport(handle, "MsQuicOpenVersion", out nint open)) return false;
        // Neither closed nor unloaded: the settings live as long as the library is open.
        void** api;
        if (((delegate* unmanaged<uint, void***, int>)open)(ApiVersion, &api) != 0) return false;
        byte* settings = stackalloc byte[SettingsBytes];
        new Span<byte>(settings, SettingsBytes).Clear();
        *(ulong*)settings = AlgorithmIsSet | InitialWindowIsSet | InitialRoundTripIsSet;
        *(uint*)(settings + InitialWindowOffset) = InitialWindowPackets;
        *(uint*)(settings + InitialRoundTripOffset) = InitialRoundTripMs;
        *(ushort*)(settings + AlgorithmOffset) = algorithm;
        return ((delegate* unmanaged<void*, uint, uint, void*, int>)api[SetParamSlot])(null, GlobalSettings, SettingsBytes, settings) == 0;
    }
}
