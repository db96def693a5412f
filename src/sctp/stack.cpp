#include "sctp/stack.hpp"

#include "sctp/endpoint.hpp"
#include "sctp/options.hpp"
#include "sctp/settings.hpp"

#include <usrsctp.h>

#include <cassert>

namespace gof::sctp {

stack::stack() : registry_(std::make_unique<registry>()) {
  assert(!registry::present);
  registry::present = registry_.get();
  registry_->scratch.reserve(largest_packet);
  // No threads, and no raw or UDP sockets. One helper thread remains; it sleeps unless addresses change.
  usrsctp_init_nothreads(0, handle_output, nullptr);
  [[maybe_unused]] const bool taken = set_defaults();
  assert(taken);
}

stack::~stack() {
  assert(registry_->endpoints.empty());
  bool finished = usrsctp_finish() == 0;
  for (int i = 0; !finished && i < settings::finish_tries; ++i) {
    usrsctp_handle_timers(static_cast<std::uint32_t>(settings::tick.count()));
    finished = usrsctp_finish() == 0;
  }
  assert(finished);
  registry::present = nullptr;
}

void stack::advance(instant now) {
  ++ticks_;
  registry_->tell(now);
  // Only busy endpoints have timers. Copied, since settle() removes those that have become idle.
  const std::vector<std::uintptr_t> moved(registry_->busy.begin(), registry_->busy.end());
  for (const std::uintptr_t number : moved) registry_->find(number)->settle(now);
  if (registry_->busy.empty() && now >= registry_->busy_until)
    registry_->due.reset();
  else
    registry_->due = now + settings::tick;
}

std::optional<instant> stack::poll_timeout() const {
  return registry_->due;
}

}  // namespace gof::sctp
