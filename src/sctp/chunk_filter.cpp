#include "sctp/chunk_filter.hpp"

#include <algorithm>

namespace gof::sctp {
namespace {

/// usrsctp's INIT is 28 bytes, its INIT-ACK 220: room for newer versions, but not for floods of parameters.
constexpr std::size_t largest_init = 1024;
/// RFC 9260 lets the sender choose what is echoed; an address and a time are enough.
constexpr std::size_t largest_heartbeat = 256;

constexpr std::size_t parameter_header_size = 4;
constexpr std::uint8_t data_unordered_flag = 0x04;

enum class parameter : std::uint16_t {
  heartbeat_info = 1,
  ipv4_address = 5,
  ipv6_address = 6,
  state_cookie = 7,
  host_name = 11,
  random = 0x8002,
  chunk_list = 0x8003,
  hmac_list = 0x8004,
  add_address = 0xc001,
  adaptation_indication = 0xc006,
};

/// Addresses would make usrsctp send elsewhere; keys and ASCONF would reach code that is switched off.
bool unwanted(parameter type) {
  switch (type) {
    case parameter::ipv4_address:
    case parameter::ipv6_address:
    case parameter::host_name:
    case parameter::random:
    case parameter::chunk_list:
    case parameter::hmac_list: return true;
    default: return type >= parameter::add_address && type < parameter::adaptation_indication;
  }
}

/// Parameters and error causes have the same format: type 2, length 2 (header included), value, padding to 4
/// (which the last one may omit). Calls visit(type, value). False if a length is invalid or visit() returns
/// false.
template <class Visit>
bool each_parameter(const_bytes list, Visit&& visit) {
  while (!list.empty()) {
    if (list.size() < parameter_header_size) return false;
    const std::size_t length = load16(list, 2);
    if (length < parameter_header_size || length > list.size()) return false;
    if (!visit(static_cast<parameter>(load16(list, 0)),
               list.subspan(parameter_header_size, length - parameter_header_size)))
      return false;
    list = list.subspan(std::min((length + 3) & ~std::size_t{3}, list.size()));
  }
  return true;
}

//  initiate tag 4 | receiver window 4 | outbound streams 2 | inbound streams 2 | initial TSN 4 | parameters
constexpr std::size_t init_fixed_size = 16;

bool sane_init(const_bytes value, bool answer) {
  if (value.size() < init_fixed_size || value.size() > largest_init) return false;
  if (load32(value, 0) == 0 || load16(value, 8) == 0 || load16(value, 10) == 0) return false;
  std::size_t cookies = 0;
  const bool sound = each_parameter(value.subspan(init_fixed_size), [&](parameter type, const_bytes inside) {
    if (type == parameter::state_cookie && !inside.empty()) ++cookies;
    return !unwanted(type);
  });
  return sound && cookies == (answer ? 1u : 0u);
}

//  TSN 4 | stream 2 | sequence number 2 | protocol identifier 4 | payload
bool sane_data(const chunk& seen) {
  constexpr std::size_t fields = data_chunk_overhead - chunk_header_size;
  return seen.value.size() > fields && load16(seen.value, 4) < stream_count &&
         !(seen.flags & data_unordered_flag);
}

//  cumulative TSN 4 | window 4 | gap blocks 2 | duplicates 2 | {start 2, end 2} ... | {TSN 4} ...
bool sane_sack(const_bytes value) {
  constexpr std::size_t fixed = 12;
  if (value.size() < fixed) return false;
  const std::size_t gaps = load16(value, 8);
  if (value.size() != fixed + 4 * (gaps + load16(value, 10))) return false;
  for (std::size_t at = fixed; at < fixed + 4 * gaps; at += 4) {
    if (load16(value, at) == 0 || load16(value, at) > load16(value, at + 2)) return false;
  }
  return true;
}

bool sane_causes(const_bytes value) {
  return each_parameter(value, [](parameter, const_bytes) { return true; });
}

bool sane_heartbeat(const_bytes value) {
  std::size_t infos = 0;
  return value.size() <= largest_heartbeat &&
         each_parameter(value,
                        [&](parameter type, const_bytes) {
                          return type == parameter::heartbeat_info && ++infos == 1;
                        }) &&
         infos == 1;
}

}  // namespace

struct chunk_filter::passage {
  std::uint32_t tag;
  std::size_t index = 0;
  bool begun;
  bool alone = false;  ///< RFC 9260 wants this chunk alone in its packet
  const_bytes cookie{};
};

bool chunk_filter::sane_cookie_echo(const_bytes cookie) const {
  if (established_) return std::ranges::equal(cookie, echoed_);
  return std::ranges::any_of(
      issued_, [&](const bytes& one) { return !one.empty() && std::ranges::equal(cookie, one); });
}

bool chunk_filter::allowed(const chunk& seen, passage& so_far) const {
  const bool server = role_ == association::role::server;
  switch (seen.type) {
    case chunk_type::init:
      // Once the association is up, its client needs no answer to an INIT: even an equal one is only a late
      // repeat.
      so_far.alone = true;
      return server && !established_ && so_far.tag == 0 && sane_init(seen.value, false);
    case chunk_type::init_ack:
      so_far.alone = so_far.begun = true;
      return !server && !established_ && so_far.tag != 0 && sane_init(seen.value, true);
    case chunk_type::cookie_echo:
      so_far.begun = true;
      so_far.cookie = seen.value;
      return server && so_far.index == 0 && so_far.tag != 0 && sane_cookie_echo(seen.value);
    case chunk_type::cookie_ack:
      return !server && so_far.begun && so_far.index == 0 && so_far.tag != 0 && seen.value.empty();
    case chunk_type::abort: return so_far.tag != 0 && (so_far.begun || !server) && sane_causes(seen.value);
    case chunk_type::error: return so_far.tag != 0 && so_far.begun && sane_causes(seen.value);
    case chunk_type::heartbeat: return so_far.tag != 0 && so_far.begun && sane_heartbeat(seen.value);
    case chunk_type::data: return so_far.tag != 0 && so_far.begun && sane_data(seen);
    case chunk_type::sack: return so_far.tag != 0 && so_far.begun && sane_sack(seen.value);
    default: return false;
  }
}

bool chunk_filter::passes(const_bytes packet) {
  if (packet.size() > largest_packet || packet.size() <= common_header_size) return false;
  if (load16(packet, 0) != port_ || load16(packet, 2) != port_) return false;
  passage so_far{.tag = load32(packet, 4), .begun = begun_};
  chunk_walk walk(packet);
  while (const auto seen = walk.next()) {
    if (!allowed(*seen, so_far)) return false;
    ++so_far.index;
  }
  if (!walk.sound() || so_far.index == 0 || (so_far.alone && so_far.index > 1)) return false;
  begun_ = so_far.begun;
  if (!so_far.cookie.empty() && !established_) echoed_.assign(so_far.cookie.begin(), so_far.cookie.end());
  return true;
}

void chunk_filter::handle_sent(const_bytes packet) {
  if (established_ || role_ == association::role::client) return;
  chunk_walk walk(packet);
  const auto first = walk.next();
  if (!first || first->type != chunk_type::init_ack || first->value.size() < init_fixed_size) return;
  each_parameter(first->value.subspan(init_fixed_size), [&](parameter type, const_bytes inside) {
    if (type != parameter::state_cookie) return true;
    issued_[next_issued_].assign(inside.begin(), inside.end());
    next_issued_ = (next_issued_ + 1) % cookies_kept;
    return false;
  });
}

void chunk_filter::handle_established() {
  established_ = true;
  for (bytes& cookie : issued_) cookie = {};
}

}  // namespace gof::sctp
