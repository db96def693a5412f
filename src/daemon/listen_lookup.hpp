#pragma once

#include "daemon/failure.hpp"
#include "dial/host_names.hpp"
#include "forward/spec.hpp"
#include "wire/address.hpp"

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace gof::daemon {

/// Hosts that are to be listened on, each with the text of such an address.
using listen_hosts = std::map<std::string, std::string>;
listen_hosts hosts_of(const std::vector<wire::address>& listen);
listen_hosts hosts_of(const std::vector<forward::forwarding>& forwards);

std::vector<std::string> names_of(const listen_hosts& hosts);

/// How long the resolver is waited for: a second name server is asked after 5 s by default (resolv.conf(5)).
inline constexpr std::chrono::seconds longest_lookup{10};

/// "cannot listen on NAME:PORT: ...".
std::string cannot_look_up(const listen_hosts& hosts, const dial::looked_up& failed);

/// Waits for the resolver: for a program that does not run yet, and whose signals still end it.
outcome<dial::host_names> look_up_now(const listen_hosts& hosts);

}  // namespace gof::daemon
