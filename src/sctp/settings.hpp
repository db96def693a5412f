#pragma once

#include "base/time.hpp"
#include "sctp/association.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

/// All values that usrsctp 0.9.5.0 runs with, and why. "Measured": over gof's links, which lose nothing.
namespace gof::sctp::settings {

using std::chrono::milliseconds;

// --- time

/// usrsctp cannot report when its next timer is due. Its shortest timer, the delayed SACK, is 20 ms; half of
/// that is precise enough.
constexpr milliseconds tick{10};
/// How long ticks continue after the last association became idle: its remaining short timers expire in that
/// time.
constexpr milliseconds ticks_after_busy{1000};
/// usrsctp compares times modulo 2^32 ms, so a long sleep is passed on in steps.
constexpr milliseconds largest_step = std::chrono::hours{1};

/// The timeout until the association is up, and while the replay ring has no room. With a minimum of 200 ms a
/// transfer collapsed after short gaps of the path (37-59 s in place of 9.8 s).
constexpr milliseconds rto_min{1000};
constexpr milliseconds rto_initial{1000};
/// A path that is back is tried again after 4 s at most.
constexpr milliseconds rto_max{4000};
/// The timeout once the association is up. Links lose nothing, and what a lost path took is repeated from the
/// replay ring, so this timer has nothing to detect. A shorter one expires without any loss, about every 2 s
/// on a busy link, and halves the window.
constexpr milliseconds rto_with_ring{10000};
/// The most that usrsctp accepts. If the path breaks in the last step of the setup, the same cookie completes
/// it later. An expired one would make the client start again, at a server that is already done.
constexpr milliseconds cookie_life = std::chrono::hours{1};
/// 20 ms, and every second packet. With a SACK only every 16 packets short bursts stall.
constexpr milliseconds delayed_sack{20};
constexpr std::uint32_t sack_every = 2;

// --- gof alone decides that a peer is gone

/// The largest value: at 4 s for each retry three days, longer than any session lives without a path.
constexpr std::uint16_t retransmissions = 65535;
/// By default, one chunk sent 30 times aborts the association whatever the limits above are; 0 disables that.
constexpr std::uint32_t retransmissions_of_one_chunk = 0;

// --- sizes

/// No path MTU discovery, which does not work and which links do not need: one fixed size. The field excludes
/// the common header. One message in one chunk in one packet is the fastest.
constexpr std::uint32_t path_mtu = largest_packet - 12;

/// 1 MiB stays in the cache on loopback. With a round trip above 2 ms it would limit throughput (3.6 MB/s at
/// 100 ms).
constexpr std::size_t send_space = std::size_t{1} << 20;
constexpr std::size_t send_space_at_distance = std::size_t{4} << 20;
constexpr std::size_t send_space_largest = std::size_t{16} << 20;
constexpr duration distance{2ms};
/// The rate that one association over a distance is sized for, in bytes a second: 1 Gbit/s.
constexpr std::size_t line_rate = 125'000'000;
/// Beyond this the space is at its largest anyway.
constexpr duration longest_round_trip{1s};
/// Never filled, since associations are read at once; it limits what a peer may have in flight.
constexpr std::size_t receive_space = std::size_t{4} << 20;
/// The default of 512 gives 0.3 MB/s at 100 ms, even with buffers of 4 MiB.
constexpr std::uint32_t chunks_on_queue = 65536;
/// Off: the default of 4 packets for each SACK gives 88 instead of 113 Mbit/s at 40 ms.
constexpr std::uint32_t max_burst = 0;

/// The cap on packets that wait for poll_packet(): one window of ours, 16 MiB, and a few SACKs. More packets
/// are dropped, and SCTP repeats them. Each counts with its bytes and this overhead.
constexpr std::size_t output_space = std::size_t{20} << 20;
constexpr std::size_t output_overhead = 64;
/// The most that is sent as one packet in place of several. A packet costs about as much as copying 16 KiB.
constexpr std::size_t largest_bundle = std::size_t{16} << 10;
/// The cap of all replay rings in the process. An association without room for its packets uses the short
/// timeout instead, until it has nothing in flight.
constexpr std::size_t replay_space = std::size_t{64} << 20;
/// The most packet and message buffers kept for reuse: about what one turn of the loop needs.
constexpr std::size_t spare_buffers = 64;

/// A message of at least this size is kept in the buffer of largest_packet that it was read into.
constexpr std::size_t keeps_buffer = std::size_t{32} << 10;

// --- the rest

/// Packets of no association get no answer, not even an ABORT.
constexpr std::uint32_t blackhole = 2;
constexpr std::uint32_t off = 0;
/// usrsctp_finish() fails until all endpoints' timers have expired; each attempt advances time by a tick.
constexpr int finish_tries = 1000;

}  // namespace gof::sctp::settings
