#pragma once

#include <boost/system/error_code.hpp>

#include <chrono>

namespace gof::dial {

/// Before something that lacked descriptors or memory is tried again: long enough not to spin, short enough
/// that nobody notices the end of it.
inline constexpr std::chrono::milliseconds shortage_pause{100};

/// Whether the system had no room for another socket: of no connection's own making, and soon over.
inline bool is_shortage(boost::system::error_code error) {
  namespace generic = boost::system::errc;
  return error == generic::too_many_files_open || error == generic::too_many_files_open_in_system ||
         error == generic::no_buffer_space || error == generic::not_enough_memory;
}

}  // namespace gof::dial
