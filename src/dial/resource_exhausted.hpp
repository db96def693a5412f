#pragma once

#include <boost/system/error_code.hpp>

#include <chrono>

namespace gof::dial {

/// The pause after a lack of descriptors or memory: long enough not to spin, short enough not to be noticed
/// once it is over.
inline constexpr std::chrono::milliseconds resource_exhausted_pause{100};

/// Whether the system had no room for another socket, which soon passes and is no connection's fault.
inline bool is_resource_exhausted(boost::system::error_code error) {
  namespace generic = boost::system::errc;
  return error == generic::too_many_files_open || error == generic::too_many_files_open_in_system ||
         error == generic::no_buffer_space || error == generic::not_enough_memory;
}

}  // namespace gof::dial
