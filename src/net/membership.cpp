#include "net/node_service.hpp"
#include "secure/derive.hpp"
#include "wire/join_ticket.hpp"
#include "wire/record_profile.hpp"

#include <algorithm>

namespace gof::detail {
namespace {

namespace io_error = boost::asio::error;

/// Empty if any of them is not a HOST:PORT with a port to dial.
std::optional<std::vector<wire::address>> parse_addresses(const std::vector<std::string>& texts) {
  std::vector<wire::address> all;
  for (const auto& text : texts) {
    auto address = wire::address::parse(text);
    if (!address || address->port == 0) return std::nullopt;
    all.push_back(std::move(*address));
  }
  return all;
}

}  // namespace

node_service::error_code node_service::membership() const {
  if (closed_) return errc::shut_down;
  return network_key_ ? error_code() : make_error_code(errc::not_allowed);
}

void node_service::join(const std::vector<std::string>& addresses, error_code& error) {
  error = membership();
  if (error) return;
  const auto parsed = parse_addresses(addresses);
  if (!parsed) {
    error = io_error::invalid_argument;
    return;
  }
  core_->add_bootstrap(net::clock_now(), *parsed);
  touch();
}

void node_service::publish(const profile& what, error_code& error) {
  error = membership();
  if (error) return;
  auto addresses = parse_addresses(what.addresses);
  const bool good = addresses && addresses->size() <= wire::ticket::most_addresses &&
                    what.services.size() <= wire::ticket::most_services &&
                    what.withdrawn.size() <= wire::record_profile::most_withdrawn &&
                    std::all_of(what.services.begin(), what.services.end(), wire::valid_service_name);
  if (!good) {
    error = io_error::invalid_argument;
    return;
  }
  core_->publish(net::clock_now(), what.services, std::move(*addresses),
                 {what.withdrawn.begin(), what.withdrawn.end()});
  touch();
}

std::optional<wire::join_ticket> node_service::issue_join(const std::vector<std::string>& addresses,
                                                          error_code& error) const {
  error = network_key_ ? error_code() : make_error_code(errc::not_allowed);
  if (error) return std::nullopt;
  auto parsed = parse_addresses(addresses);
  if (!parsed || parsed->size() > wire::ticket_form::most_addresses) {
    error = errc::bad_ticket;
    return std::nullopt;
  }
  wire::join_ticket made{id_, {}, std::move(*parsed)};
  std::copy_n(network_key_->view().begin(), made.network_key.size(), made.network_key.begin());
  return made;
}

std::optional<wire::ticket> node_service::issue(const grant& granted,
                                                const std::vector<ticket::service>& services,
                                                const std::vector<std::string>& addresses,
                                                error_code& error) const {
  error = network_key_ ? error_code() : make_error_code(errc::not_allowed);
  if (error) return std::nullopt;
  wire::ticket made;
  made.issuer = id_;
  made.mesh = secure::mesh_of(*network_key_);
  made.grant = grant_id(granted.id);
  const auto link_key = secure::guest_link_key(*network_key_, id_, made.grant);
  std::copy_n(link_key.view().begin(), made.link_key.size(), made.link_key.begin());
  made.token = granted.token;
  auto parsed = parse_addresses(addresses);
  bool good = parsed && services.size() <= wire::ticket::most_services &&
              parsed->size() <= wire::ticket::most_addresses;
  for (const auto& service : services) {
    good = good && wire::valid_service_name(service.name);
    made.services.push_back({service.name, service.port_hint});
  }
  if (good) {
    made.addresses = std::move(*parsed);
    return made;
  }
  error = errc::bad_ticket;
  return std::nullopt;
}

}  // namespace gof::detail
