#include "forward/own_dials.hpp"

#include <cstring>
#include <netinet/in.h>

namespace gof::forward {
namespace {

using boost::asio::ip::tcp;

void copy_address(const tcp::endpoint& from, std::uint64_t* into) {
  if (from.data()->sa_family == AF_INET6) {
    sockaddr_in6 at{};
    std::memcpy(&at, from.data(), sizeof at);
    std::memcpy(into, &at.sin6_addr, sizeof at.sin6_addr);
  } else {
    sockaddr_in at{};
    std::memcpy(&at, from.data(), sizeof at);
    into[1] = std::uint64_t{0xffff} << 32 | ntohl(at.sin_addr.s_addr);
  }
}

bool is_loopback(const tcp::endpoint& at) {
  return at.address().is_loopback();
}

}  // namespace

own_dials::key::key(const tcp_ends& ends) {
  copy_address(ends.local, words.data());
  copy_address(ends.remote, words.data() + 2);
  words[4] = std::uint64_t{ends.local.port()} << 16 | ends.remote.port();
}

std::size_t own_dials::hash::operator()(const key& of) const {
  constexpr std::uint64_t factor = 0x9e3779b97f4a7c15u;
  std::uint64_t mixed = 0;
  for (const auto word : of.words) mixed = (mixed ^ word ^ mixed >> 29) * factor;
  return mixed;
}

own_dials::handle own_dials::add(const tcp_ends& ends, const std::string& service) {
  forget_old();
  // To one of its own addresses the system connects from the same one; loopback never leaves the machine.
  if (!is_loopback(ends.remote) && ends.local.address() != ends.remote.address()) return nullptr;
  const key here(ends);
  auto& its = book_->records[here];
  its.service = service;
  if (its.held++ == 0) its.returned = false;
  return {&its, [here, held = book_](record* closed) {
            if (--closed->held > 0) return;
            closed->closed = clock::now();
            held->closed.push_back(here);
          }};
}

const own_dials::record* own_dials::find_returned(const tcp_ends& ends) {
  forget_old();
  const auto found = book_->records.find(key(ends.turned()));
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
