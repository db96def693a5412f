#include "daemon/listen_lookup.hpp"

#include <boost/asio/error.hpp>

namespace gof::daemon {

listen_hosts hosts_of(const std::vector<wire::address>& listen) {
  listen_hosts all;
  for (const auto& one : listen) all.emplace(one.host, one.text());
  return all;
}

listen_hosts hosts_of(const std::vector<forward::forwarding>& forwards) {
  listen_hosts all;
  for (const auto& one : forwards)
    if (one.local.names_host()) all.emplace(one.local.bind, one.local.text());
  return all;
}

std::vector<std::string> names_of(const listen_hosts& hosts) {
  std::vector<std::string> all;
  for (const auto& [host, text] : hosts) all.push_back(host);
  return all;
}

std::string cannot_look_up(const listen_hosts& hosts, const dial::looked_up& failed) {
  const bool unknown = failed.error == boost::asio::error::host_not_found;
  return "cannot listen on " + hosts.at(failed.failed) + ": " +
         (unknown ? "the name does not resolve" : dial::lookup_words(failed.error));
}

outcome<dial::host_names> look_up_now(const listen_hosts& hosts) {
  const auto all = dial::look_up_now(names_of(hosts), longest_lookup);
  if (all.error) return failure{failed, cannot_look_up(hosts, all)};
  return all.found;
}

}  // namespace gof::daemon
