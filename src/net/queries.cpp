#include "net/queries.hpp"

#include "base/hex.hpp"

#include <boost/asio/error.hpp>

#include <vector>

namespace gof::net {

namespace io_error = boost::asio::error;

bool queries::answer_probe(stream_id asked, error_code error, const std::string& text) {
  const auto found = probes_.extract(asked);
  if (!found) return false;
  found.mapped().complete(error, text);
  return true;
}

void queries::cancel_ping(std::uint64_t number) {
  if (auto held = pings_.extract(number)) held.mapped().done.complete(io_error::operation_aborted, {}, {});
}

void queries::handle_pong(const core::pong& answer) {
  std::vector<std::uint64_t> its;
  for (const auto& [number, one] : pings_)
    if (one.to == answer.peer) its.push_back(number);
  for (const auto number : its)
    if (auto held = pings_.extract(number))
      held.mapped().done.complete({}, answer.round_trip, to_hex(answer.node.view()));
}

void queries::cancel() {
  for (auto& [asked, done] : std::exchange(probes_, {})) done.complete(io_error::operation_aborted, {});
  for (auto& [number, one] : std::exchange(pings_, {}))
    one.done.complete(io_error::operation_aborted, {}, {});
}

}  // namespace gof::net
