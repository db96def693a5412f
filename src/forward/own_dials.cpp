#include "forward/own_dials.hpp"

#include <functional>

namespace gof::forward {
namespace {

std::size_t mixed(std::size_t seed, const boost::asio::ip::tcp::endpoint& with) {
  constexpr std::size_t factor = 0x9e3779b97f4a7c15u;
  seed = (seed ^ std::hash<boost::asio::ip::address>{}(with.address())) * factor;
  return (seed ^ with.port()) * factor;
}

}  // namespace

std::size_t own_dials::hash::operator()(const tcp_ends& ends) const {
  return mixed(mixed(0, ends.local), ends.remote);
}

own_dials::handle own_dials::add(const tcp_ends& ends, const std::string& service) {
  forget_old();
  // Of an address of its own the system makes the source as well; loopback it does not leave.
  if (ends.local.address() != ends.remote.address() && !ends.remote.address().is_loopback()) return nullptr;
  auto& its = book_->records[ends];
  its.service = service;
  if (its.held++ == 0) its.returned = false;
  return {&its, [ends, held = book_](record* closed) {
            if (--closed->held > 0) return;
            closed->closed = clock::now();
            held->closed.push_back(ends);
          }};
}

const own_dials::record* own_dials::find_returned(const tcp_ends& ends) {
  forget_old();
  const auto found = book_->records.find(ends.turned());
  if (found == book_->records.end()) return nullptr;
  found->second.returned = true;
  return &found->second;
}

void own_dials::forget_old() {
  const auto now = clock::now();
  auto& closed = book_->closed;
  while (!closed.empty()) {
    const auto found = book_->records.find(closed.front());
    const bool counts = found != book_->records.end() && found->second.held == 0;
    if (counts && closed.size() <= most_kept && now - found->second.closed < kept_) return;
    if (counts) book_->records.erase(found);
    closed.pop_front();
  }
}

}  // namespace gof::forward
