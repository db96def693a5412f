#include "forward/taken_places.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <set>

namespace gof::forward {
namespace {

namespace ip = boost::asio::ip;

const std::string every_v4 = "0.0.0.0";
const std::string every_v6 = "::";
const std::string loopback_v4 = "127.0.0.1";
const std::string loopback_v6 = "::1";

/// An address in its canonical form; a name unchanged.
std::string spelled(const std::string& bind) {
  boost::system::error_code not_numeric;
  const auto address = ip::make_address(bind, not_numeric);
  return not_numeric ? bind : address.to_string();
}

/// The default's ::1 is left out, since another listener may name it.
std::vector<std::string> places_of(const std::string& bind) {
  if (bind.empty() || bind == "localhost") return {loopback_v4};
  if (bind == local_endpoint::every_address) return {every_v4, every_v6};
  const auto address = spelled(bind);
  // It accepts IPv4 connections as well.
  if (address == every_v6) return {every_v4, every_v6};
  return {address};
}

bool is_v6(const std::string& address) {
  return address.find(':') != address.npos;
}

bool is_v4(const std::string& address) {
  boost::system::error_code not_numeric;
  ip::make_address_v4(address, not_numeric);
  return !not_numeric;
}

bool covers(const std::string& one, const std::string& other) {
  return one == other || (one == every_v4 && is_v4(other)) || (one == every_v6 && is_v6(other));
}

}  // namespace

std::optional<std::size_t> taken_places::take(const local_endpoint& at, std::size_t who) {
  if (at.is_unix()) {
    const auto [before, fresh] = paths_.emplace(at.path, who);
    return fresh ? std::nullopt : std::optional(before->second);
  }
  if (at.port == 0) return std::nullopt;
  auto& taken = ports_[at.port];
  const auto places = places_of(at.bind);
  for (const auto& address : places)
    for (const auto& one : taken)
      if (covers(one.address, address) || covers(address, one.address)) return one.who;
  for (const auto& address : places) taken.push_back({address, who});
  return std::nullopt;
}

void leave_named_places(const std::vector<local_endpoint*>& all) {
  std::set<std::uint16_t> named;
  for (const auto* one : all)
    if (!one->is_unix() && spelled(one->bind) == loopback_v6) named.insert(one->port);
  for (auto* one : all)
    if (!one->is_unix() && one->bind.empty() && one->port != 0 && named.contains(one->port))
      one->bind = loopback_v4;
}

void leave_named_places(std::vector<spec>& all) {
  std::vector<local_endpoint*> places;
  for (auto& one : all) places.push_back(&one.local);
  leave_named_places(places);
}

}  // namespace gof::forward
