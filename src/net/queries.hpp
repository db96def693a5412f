#pragma once

#include "base/id.hpp"
#include "net/pending.hpp"
#include "node/event.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace gof::net {

/// What the program asks peers and still waits for: probes of their services, and pings. Asks nobody itself;
/// its node does, and passes the answers on.
class queries {
 public:
  using error_code = boost::system::error_code;
  using probe_ptr = detail::operation_ptr<error_code, std::string>;
  using ping_ptr = detail::operation_ptr<error_code, std::chrono::nanoseconds, std::string>;

  /// The most probes that may wait for an answer at a time, and the most pings.
  static constexpr std::size_t most = 1024;

  bool is_full_of_probes() const { return probes_.size() == most; }
  bool is_full_of_pings() const { return pings_.size() == most; }

  /// The core was asked, and answers under this id. As with pings, `on_cancel` may outlive this object.
  template <class Function>
  void add_probe(stream_id asked, probe_ptr done, Function on_cancel) {
    probes_[asked].set(std::move(done), std::move(on_cancel));
  }
  /// Completes the probe with this id; false if there is none.
  bool answer_probe(stream_id asked, error_code error, const std::string& text);

  /// `on_cancel` is called with the ping's number.
  template <class Function>
  void add_ping(const peer_id& to, ping_ptr done, Function on_cancel) {
    const auto number = next_ping_++;
    auto& entry = pings_[number];
    entry.to = to;
    entry.done.set(std::move(done), [on_cancel, number] { on_cancel(number); });
  }
  void cancel_ping(std::uint64_t number);
  /// Completes all pings of this peer.
  void handle_pong(const core::pong& answer);

  /// Every probe and ping completes with operation_aborted.
  void cancel();

 private:
  struct waiting_ping {
    peer_id to;
    pending<error_code, std::chrono::nanoseconds, std::string> done;
  };

  std::map<stream_id, pending<error_code, std::string>> probes_;  ///< at most `most`
  std::map<std::uint64_t, waiting_ping> pings_;                   ///< at most `most`
  std::uint64_t next_ping_ = 0;
};

}  // namespace gof::net
