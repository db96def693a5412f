#pragma once

#include "base/time.hpp"
#include "sctp/association.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

/// Every value usrsctp 0.9.5.0 is run with, and why. "Measured" is over gof's own links, which lose nothing.
namespace gof::sctp::settings {

using std::chrono::milliseconds;

// --- time
// -----------------------------------------------------------------------------------------------------------

/// usrsctp cannot say when its next timer is due. Its shortest timer (the delayed SACK) is 20 ms: half of
/// that is enough.
constexpr milliseconds tick{10};
/// Ticks go on this long after the last association fell silent: any short timer it left behind runs out
/// meanwhile.
constexpr milliseconds ticks_after_busy{1000};
/// usrsctp compares times modulo 2^32 ms: a long sleep is told in pieces.
constexpr milliseconds largest_step = std::chrono::hours{1};

/// Until the association stands, and when the replay ring could not hold what is under way. The minimum: 200
/// ms collapsed after short gaps of the path (37-59 s for a transfer of 9.8 s).
constexpr milliseconds rto_min{1000};
constexpr milliseconds rto_initial{1000};
/// A path that is back is tried again after 4 s at most.
constexpr milliseconds rto_max{4000};
/// Once it stands: what a way lost goes again from the replay ring, links lose nothing, so this timer has
/// nothing to find. Shorter it fires with nothing lost, about every 2 s on a full line, and halves the
/// window.
constexpr milliseconds rto_with_ring{10000};
/// The most usrsctp takes. A set-up torn in its last packet is finished by the same cookie once the path is
/// back; after a cookie's life the client would begin anew with a server that thinks it stands.
constexpr milliseconds cookie_life = std::chrono::hours{1};
/// 20 ms and every second packet; a SACK every 16 stalls short bursts.
constexpr milliseconds delayed_sack{20};
constexpr std::uint32_t sack_every = 2;

// --- gof alone decides that a peer is gone
// --------------------------------------------------------------------------

/// The largest that fits: at 4 s a retry this is three days, longer than any session is kept without a path.
constexpr std::uint16_t retransmissions = 65535;
/// One chunk sent 30 times (the default) aborts the association whatever the limits above say; 0 switches
/// that off.
constexpr std::uint32_t retransmissions_of_one_chunk = 0;

// --- sizes
// ----------------------------------------------------------------------------------------------------------

/// No path MTU discovery (it does not work, and links carry any size): this size once and for all. The field
/// leaves the common header out. One message in one chunk in one packet is what runs fastest.
constexpr std::uint32_t path_mtu = largest_packet - 12;

/// 1 MiB stays in the cache on loopback; with a round trip above 2 ms it would be the limit (3.6 MB/s at 100
/// ms).
constexpr std::size_t send_space = std::size_t{1} << 20;
constexpr std::size_t send_space_at_distance = std::size_t{4} << 20;
constexpr std::size_t send_space_largest = std::size_t{16} << 20;
constexpr duration distance{2ms};
/// What one association is dimensioned for at distance, in bytes a second: a line of 1 Gbit/s.
constexpr std::size_t line_rate = 125'000'000;
/// Beyond it the space is the largest anyway.
constexpr duration longest_round_trip{1s};
/// Never filled, for the association is always drained; it bounds what a peer may have under way.
constexpr std::size_t receive_space = std::size_t{4} << 20;
/// The default of 512 with 4 MiB buffers gives 0.3 MB/s at 100 ms.
constexpr std::uint32_t chunks_on_queue = 65536;
/// Off: with the default of 4 packets a SACK 88 instead of 113 Mbit/s at 40 ms.
constexpr std::uint32_t max_burst = 0;

/// What waits for poll_packet() is at most a window of ours, 16 MiB, and a few SACKs; beyond this packets are
/// dropped and SCTP repairs it. Each counts for its bytes and the room it takes besides.
constexpr std::size_t output_space = std::size_t{20} << 20;
constexpr std::size_t output_overhead = 64;
/// What all replay rings of the process hold. An association whose packets do not fit goes without, under the
/// short timeout, until nothing of it is under way.
constexpr std::size_t replay_space = std::size_t{64} << 20;
/// Packet and message buffers given back: about what one turn of the loop uses.
constexpr std::size_t spare_buffers = 64;

// --- the rest
// -------------------------------------------------------------------------------------------------------

/// Packets that belong to nothing are not answered: neither ABORT nor anything else for strangers.
constexpr std::uint32_t blackhole = 2;
constexpr std::uint32_t off = 0;
/// usrsctp_finish() fails until each endpoint's timers ran out; each try moves its clock on by a tick.
constexpr int finish_tries = 1000;

}  // namespace gof::sctp::settings
