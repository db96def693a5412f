#pragma once

#include <boost/system/error_code.hpp>

#include <string>

namespace gof::dial {

/// Why an address, or the name, did not lead to a connection.
struct failure {
  enum class kind {
    name,        ///< it was not resolved
    connect,     ///< the system said why
    silent,      ///< no answer within the limit
    queue_full,  ///< of a unix socket, until the limit
    crowded,     ///< too many other sockets still connected, until the limit
    shortage,    ///< this process had no descriptor for it, until the limit
  };
  kind what = kind::connect;
  std::string where;  ///< ADDRESS:PORT, a path; of a name NAME:PORT
  boost::system::error_code error;

  std::string words() const;  ///< in the system's words where it said something
};

}  // namespace gof::dial
