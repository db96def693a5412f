#pragma once

#include <boost/asio/ip/address.hpp>

#include <string>
#include <vector>

namespace gof::dial {

/// The addresses of a host that needs no look-up: a numeric one in any form that inet_aton(3) knows, and
/// "localhost", which means the same whoever wrote /etc/hosts: ::1 and 127.0.0.1. Empty: it is a name.
std::vector<boost::asio::ip::address> known_addresses(const std::string& host);

/// In the order in which they are tried (RFC 8305, section 4): as given, but families in turn.
std::vector<boost::asio::ip::address> in_turns(const std::vector<boost::asio::ip::address>& found);

}  // namespace gof::dial
