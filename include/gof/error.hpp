#pragma once

#include <boost/system/error_code.hpp>

namespace gof {

/// What can go wrong with a stream, a probe or a node. Thread safe.
enum class errc {
  unknown_service = 1,  ///< the peer has no service of this name
  not_allowed,          ///< the service is there, this ticket or peer may not use it
  withdrawn,            ///< the ticket was withdrawn by its issuer
  target_refused,       ///< the service's target refused the connection
  target_unknown,       ///< the service's target has a name that does not resolve
  target_timeout,       ///< the service's target did not answer in time
  target_failed,        ///< the service's target failed in another way
  no_path,              ///< the peer is not reachable now
  timed_out,            ///< a path, but no answer in time
  wrong_identity,       ///< who answered holds another key than the one asked for
  version,              ///< no protocol version in common
  busy,                 ///< the peer is at one of its limits
  reset,                ///< the other side reset the stream
  protocol,             ///< the other side broke the protocol
  shut_down,            ///< the node is going away
  bad_ticket,           ///< the text is not a ticket, or of another mesh than one in use
  another_loop,         ///< all nodes of a process run on one io_context, and this is a second
  loop,                 ///< the service's target is where the asking program itself listens
};

const boost::system::error_category& gof_category();

inline boost::system::error_code make_error_code(errc e) {
  return {static_cast<int>(e), gof_category()};
}

}  // namespace gof

template <>
struct boost::system::is_error_code_enum<gof::errc> : std::true_type {};
