#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/system/error_code.hpp>

#include <string>
#include <vector>

namespace gof::dial {

/// The result of a look-up.
struct lookup_answer {
  boost::system::error_code error;  ///< if none, there are addresses
  std::vector<boost::asio::ip::address> addresses;
};

/// The addresses of a name by getaddrinfo(3), which honours nsswitch.conf. Blocks.
lookup_answer system_lookup(const std::string& name);

}  // namespace gof::dial
