#include "forward/keep_alive.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace gof::forward {
namespace {

using std::chrono::milliseconds;

void set(int socket, int level, int option, long value) {
  const int number = static_cast<int>(value);
  // None of these can fail on an open TCP socket.
  ::setsockopt(socket, level, option, &number, sizeof number);
}

}  // namespace

void keep_alive::apply(local_socket& to) const {
  if (!is_on() || !is_tcp(to)) return;
  const int socket = to.native_handle();
  set(socket, IPPROTO_TCP, TCP_KEEPIDLE, time.count());
  set(socket, IPPROTO_TCP, TCP_KEEPINTVL, interval.count());
  set(socket, IPPROTO_TCP, TCP_KEEPCNT, count);
  set(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
}

silence::outgoing silence::look(int socket, time_point now, milliseconds limit) {
  int queued = 0;
  tcp_info what{};
  socklen_t size = sizeof what;
  // Everything that is not acknowledged, a FIN included.
  if (::ioctl(socket, SIOCOUTQ, &queued) != 0 || queued == 0 ||
      ::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &what, &size) != 0) {
    asked_.reset();
    return outgoing::taken;
  }
  const milliseconds sent(what.tcpi_last_data_sent);
  // Incoming data may acknowledge nothing, but they show that the other machine is there.
  const milliseconds heard(std::min(what.tcpi_last_ack_recv, what.tcpi_last_data_recv));
  const bool since = what.tcpi_unacked > 0 && sent < heard;  // data were sent or repeated after the last sign
  // A FIN alone does not count as data sent, and a closed window is probed without data.
  const bool asks = (what.tcpi_unacked > 0 && what.tcpi_retransmits > 0) || what.tcpi_probes > 0;
  if (!since && !asks)
    asked_.reset();
  else if (!asked_ || heard < now - *asked_)
    asked_ = since ? now - sent : now;
  return asked_ && now - *asked_ >= limit ? outgoing::lost : outgoing::out;
}

bool is_vanished(boost::system::error_code error) {
  return error == boost::asio::error::timed_out || error == boost::asio::error::host_unreachable ||
         error == boost::asio::error::network_unreachable;
}

}  // namespace gof::forward
