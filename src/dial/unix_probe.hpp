#pragma once

#include <boost/system/error_code.hpp>

#include <string>

namespace gof::dial {

/// Asks, without waiting, whether somebody listens on a unix socket (an abstract one begins with a zero
/// byte). None: yes, if only with a full queue. connection_refused: nobody does. Else the system's words.
boost::system::error_code probe_unix(const std::string& path);

}  // namespace gof::dial
