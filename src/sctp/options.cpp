#include "sctp/options.hpp"

#include "sctp/settings.hpp"

#include <arpa/inet.h>

namespace gof::sctp {
namespace {

template <class Value>
bool set(handle on, int level, int option, const Value& value) {
  return usrsctp_setsockopt(on, level, option, &value, sizeof value) == 0;
}

constexpr std::uint32_t in_ms(std::chrono::milliseconds time) {
  return static_cast<std::uint32_t>(time.count());
}

bool set_rto(handle on, std::chrono::milliseconds min, std::chrono::milliseconds initial,
             std::chrono::milliseconds max) {
  sctp_rtoinfo timeouts{};
  timeouts.srto_min = in_ms(min);
  timeouts.srto_initial = in_ms(initial);
  timeouts.srto_max = in_ms(max);
  return set(on, IPPROTO_SCTP, SCTP_RTOINFO, timeouts);
}

bool set_timeouts(handle on) {
  sctp_initmsg init{};
  init.sinit_num_ostreams = stream_count;
  init.sinit_max_instreams = stream_count;
  init.sinit_max_attempts = settings::retransmissions;
  init.sinit_max_init_timeo = static_cast<std::uint16_t>(in_ms(settings::rto_max));

  sctp_assocparams limits{};
  limits.sasoc_asocmaxrxt = settings::retransmissions;

  sctp_sack_info sack{};
  sack.sack_delay = in_ms(settings::delayed_sack);
  sack.sack_freq = settings::sack_every;

  return set_rto(on, settings::rto_min, settings::rto_initial, settings::rto_max) &&
         set(on, IPPROTO_SCTP, SCTP_INITMSG, init) && set(on, IPPROTO_SCTP, SCTP_ASSOCINFO, limits) &&
         set(on, IPPROTO_SCTP, SCTP_DELAYED_SACK, sack);
}

bool set_events(handle on) {
  sctp_event changes{};
  changes.se_assoc_id = SCTP_FUTURE_ASSOC;
  changes.se_type = SCTP_ASSOC_CHANGE;
  changes.se_on = 1;
  return set(on, IPPROTO_SCTP, SCTP_RECVRCVINFO, int{1}) && set(on, IPPROTO_SCTP, SCTP_EVENT, changes);
}

}  // namespace

bool set_path(handle on, bool connected) {
  sctp_paddrparams path{};
  // For every address: family 0 before there is an association, AF_CONN without an address afterwards
  // (otherwise EAFNOSUPPORT).
  if (connected) path.spp_address.ss_family = AF_CONN;
  path.spp_flags = SPP_HB_DISABLE | SPP_PMTUD_DISABLE;
  path.spp_pathmtu = settings::path_mtu;
  path.spp_pathmaxrxt = settings::retransmissions;
  return set(on, IPPROTO_SCTP, SCTP_PEER_ADDR_PARAMS, path);
}

bool set_defaults() {
  namespace s = settings;
  struct sysctl {
    int (*set)(std::uint32_t);
    std::uint32_t value;
  };
  // asconf before auth: usrsctp does not accept one without the other.
  const sysctl all[] = {
      {usrsctp_sysctl_set_sctp_auto_asconf, s::off},
      {usrsctp_sysctl_set_sctp_asconf_enable, s::off},
      {usrsctp_sysctl_set_sctp_auth_enable, s::off},
      {usrsctp_sysctl_set_sctp_ecn_enable, s::off},
      {usrsctp_sysctl_set_sctp_pr_enable, s::off},
      {usrsctp_sysctl_set_sctp_nrsack_enable, s::off},
      {usrsctp_sysctl_set_sctp_pktdrop_enable, s::off},
      {usrsctp_sysctl_set_sctp_reconfig_enable, s::off},
      {usrsctp_sysctl_set_sctp_blackhole, s::blackhole},
      {usrsctp_sysctl_set_sctp_rto_max_default, in_ms(s::rto_max)},
      {usrsctp_sysctl_set_sctp_rto_min_default, in_ms(s::rto_min)},
      {usrsctp_sysctl_set_sctp_rto_initial_default, in_ms(s::rto_initial)},
      {usrsctp_sysctl_set_sctp_init_rto_max_default, in_ms(s::rto_max)},
      {usrsctp_sysctl_set_sctp_init_rtx_max_default, s::retransmissions},
      {usrsctp_sysctl_set_sctp_assoc_rtx_max_default, s::retransmissions},
      {usrsctp_sysctl_set_sctp_path_rtx_max_default, s::retransmissions},
      {usrsctp_sysctl_set_sctp_valid_cookie_life_default, in_ms(s::cookie_life)},
      {usrsctp_sysctl_set_sctp_max_retran_chunk, s::retransmissions_of_one_chunk},
      {usrsctp_sysctl_set_sctp_delayed_sack_time_default, in_ms(s::delayed_sack)},
      {usrsctp_sysctl_set_sctp_sack_freq_default, s::sack_every},
      {usrsctp_sysctl_set_sctp_max_burst_default, s::max_burst},
      {usrsctp_sysctl_set_sctp_max_chunks_on_queue, s::chunks_on_queue},
      {usrsctp_sysctl_set_sctp_sendspace, static_cast<std::uint32_t>(s::send_space)},
      {usrsctp_sysctl_set_sctp_recvspace, static_cast<std::uint32_t>(s::receive_space)},
      {usrsctp_sysctl_set_sctp_nr_outgoing_streams_default, stream_count},
      {usrsctp_sysctl_set_sctp_nr_incoming_streams_default, stream_count},
  };
  bool taken = true;
  for (const sysctl& one : all) taken = one.set(one.value) == 0 && taken;
  // The seal authenticates every packet. A checksum as well would cost two thirds of the throughput.
  usrsctp_enable_crc32c_offload();
  return taken;
}

bool set_endpoint_options(handle on) {
  return set_timeouts(on) && set_events(on) && set_path(on, false);
}

bool set_line_options(handle on, std::size_t send_space) {
  linger at_once{};
  at_once.l_onoff = 1;  // no linger time: close aborts, since gof ends in order above SCTP
  return usrsctp_set_non_blocking(on, 1) == 0 && set(on, SOL_SOCKET, SO_LINGER, at_once) &&
         set(on, IPPROTO_SCTP, SCTP_NODELAY, int{1}) && set_send_space(on, send_space) &&
         set(on, SOL_SOCKET, SO_RCVBUF, static_cast<int>(settings::receive_space));
}

bool set_ring_timeouts(handle on, bool has_ring) {
  namespace s = settings;
  return has_ring ? set_rto(on, s::rto_with_ring, s::rto_with_ring, s::rto_with_ring)
                  : set_rto(on, s::rto_min, s::rto_initial, s::rto_max);
}

bool set_send_space(handle on, std::size_t send_space) {
  return set(on, SOL_SOCKET, SO_SNDBUF, static_cast<int>(send_space));
}

sockaddr_conn address_of(std::uintptr_t number, std::uint16_t port) {
  sockaddr_conn address{};
  address.sconn_family = AF_CONN;
  address.sconn_port = htons(port);
  address.sconn_addr = reinterpret_cast<void*>(number);
  return address;
}

}  // namespace gof::sctp
