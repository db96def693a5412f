#include "net/tcp_path.hpp"

#include <cstddef>
#include <linux/inet_diag.h>
#include <linux/tcp.h>  // glibc's has no delivery rate, and cannot be included beside it
#include <netinet/in.h>
#include <sys/socket.h>

namespace gof::net {
namespace {

/// BBR's gain while it looks for the rate of a path is 2.89, afterwards it is 1.25 at most, in units of
/// 1/256.
constexpr std::uint32_t gain_while_measuring = 2 * 256;

}  // namespace

std::optional<core::output_limit::path> tcp_path(int socket) {
  tcp_info told{};
  socklen_t size = sizeof told;
  if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &told, &size) != 0) return std::nullopt;
  if (size < offsetof(tcp_info, tcpi_delivery_rate) + sizeof told.tcpi_delivery_rate) return std::nullopt;
  core::output_limit::path path;
  path.rate = told.tcpi_delivery_rate;
  path.window = std::uint64_t{told.tcpi_snd_cwnd} * told.tcpi_snd_mss;
  path.is_recovering = told.tcpi_ca_state >= TCP_CA_Recovery;
  tcp_cc_info control{};
  size = sizeof control;
  if (::getsockopt(socket, IPPROTO_TCP, TCP_CC_INFO, &control, &size) != 0 || size != sizeof control.bbr)
    return path;
  // The largest of ten round trips, where the rate above is that of the last segments.
  path.rate = std::uint64_t{control.bbr.bbr_bw_hi} << 32 | control.bbr.bbr_bw_lo;
  if (control.bbr.bbr_pacing_gain > gain_while_measuring) path.rate = 0;
  path.round_trip = std::chrono::microseconds(control.bbr.bbr_min_rtt);
  return path;
}

}  // namespace gof::net
