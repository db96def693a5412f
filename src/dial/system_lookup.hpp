#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/system/error_code.hpp>

#include <string>
#include <vector>

namespace gof::dial {

/// What became of a name.
struct lookup_answer {
  boost::system::error_code error;  ///< or else there are addresses
  std::vector<boost::asio::ip::address> addresses;
};

/// The addresses of a name by getaddrinfo(3), so that nsswitch.conf is honoured. Blocks.
lookup_answer system_lookup(const std::string& name);

}  // namespace gof::dial
