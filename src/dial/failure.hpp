#pragma once

#include <boost/system/error_code.hpp>

#include <string>

namespace gof::dial {

/// Why a name or an address did not lead to a connection.
struct failure {
  enum class kind {
    name,                ///< the name did not resolve
    connect,             ///< the system returned an error
    silent,              ///< no answer within the limit
    queue_full,          ///< of a unix socket, up to the limit
    crowded,             ///< too many other sockets were still connecting, up to the limit
    resource_exhausted,  ///< this process was out of descriptors, up to the limit
  };
  kind what = kind::connect;
  std::string where;  ///< ADDRESS:PORT or a path; for a name NAME:PORT
  boost::system::error_code error;

  std::string words() const;  ///< the system's message if it returned an error
};

}  // namespace gof::dial
