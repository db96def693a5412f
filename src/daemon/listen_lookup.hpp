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

/// Host names to listen on, each with the text of an address that has it.
using listen_hosts = std::map<std::string, std::string>;
listen_hosts hosts_of(const std::vector<wire::address>& listen);
listen_hosts hosts_of(const std::vector<forward::forwarding>& forwards);

std::vector<std::string> names_of(const listen_hosts& hosts);

/// How long to wait for the resolver: by default it asks a second name server after 5 s (resolv.conf(5)).
inline constexpr std::chrono::seconds longest_lookup{10};

/// "cannot listen on NAME:PORT: ...".
std::string cannot_look_up(const listen_hosts& hosts, const dial::looked_up& failed);

/// Blocks until the resolver has answered: for a program that does not run yet, and that signals still end.
outcome<dial::host_names> look_up_now(const listen_hosts& hosts);

}  // namespace gof::daemon
