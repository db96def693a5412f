#pragma once

#include <boost/system/error_code.hpp>

#include <string>

namespace gof::dial {

/// Checks without waiting whether a process listens on a unix socket (here an abstract path begins with a
/// zero byte). No error: yes, even with a full queue. connection_refused: no. Else the system's error.
boost::system::error_code probe_unix(const std::string& path);

}  // namespace gof::dial
