#pragma once

#include <boost/asio/ip/address.hpp>

#include <string>
#include <vector>

namespace gof::dial {

/// The addresses of a host that needs no look-up: any numeric form that inet_aton(3) accepts, and
/// "localhost", which means ::1 and 127.0.0.1 whatever /etc/hosts says. Empty: it is a name.
std::vector<boost::asio::ip::address> known_addresses(const std::string& host);

/// The order in which addresses are tried (RFC 8305, section 4): as given, but families alternate.
std::vector<boost::asio::ip::address> in_turns(const std::vector<boost::asio::ip::address>& found);

}  // namespace gof::dial
