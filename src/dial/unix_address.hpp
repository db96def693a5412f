#pragma once

#include <boost/asio/generic/stream_protocol.hpp>

#include <string>
#include <string_view>

namespace gof::dial {

/// Marks the name of a unix socket in the abstract namespace (Linux): no file, and gone with its last socket.
constexpr char abstract_mark = '@';

inline bool is_abstract(std::string_view path) {
  return path.starts_with(abstract_mark);
}

/// For a path of at most 107 bytes, or an abstract name with its mark.
boost::asio::generic::stream_protocol::endpoint unix_address(const std::string& path);

}  // namespace gof::dial
