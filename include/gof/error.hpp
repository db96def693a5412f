#pragma once

#include <boost/system/error_code.hpp>

namespace gof {

/// Why a stream, a probe or a node failed. Converts to boost::system::error_code, and compares with one.
///
/// Errors of the system and of Asio itself (`boost::asio::error::eof`, `operation_aborted`, `in_progress`)
/// keep their own categories. Each operation lists the errors that it reports.
///
/// @par Thread safety
/// Everything in this header may be used by any thread.
///
/// @see gof-protocol(7), REASONS: what the other side sends.
///
/// @par Example
/// @code
/// /// Whether it is worth trying the same again.
/// bool may_pass(const boost::system::error_code& error) {
///   // The nearest of the standard's conditions is enough where several errors mean the same.
///   return error == gof::errc::busy || error == boost::system::errc::host_unreachable;
/// }
/// @endcode
enum class errc {
  unknown_service = 1,  ///< the peer has no service of this name
  not_allowed,          ///< the service exists, but this ticket or peer may not use it
  withdrawn,            ///< the issuer withdrew the ticket
  target_refused,       ///< the service's target refused the connection
  target_unknown,       ///< the service's target has a name that does not resolve
  target_timeout,       ///< the service's target did not answer in time
  target_failed,        ///< the connection to the service's target failed for another reason
  no_path,              ///< the peer cannot be reached now
  timed_out,            ///< the peer can be reached, but did not answer in time
  wrong_identity,       ///< the node that answered has another key than the expected one
  version,              ///< no protocol version in common
  busy,                 ///< the peer, or this node, is at one of its limits; it may work later
  reset,                ///< the other side reset the stream
  protocol,             ///< the other side broke the protocol
  shut_down,            ///< the node is closed, here or at the other side
  bad_ticket,           ///< not a ticket, or a ticket of a different mesh than one in use
  another_loop,         ///< this node would run on a second io_context; all nodes of a process share one
  loop,                 ///< the service's target is an address that the connecting program itself listens on
};

/// The category of errc. Its default_error_condition() is the nearest `boost::system::errc`, such as
/// connection_refused for target_refused.
const boost::system::error_category& gof_category();

/// An error code of gof_category().
inline boost::system::error_code make_error_code(errc e) {
  return {static_cast<int>(e), gof_category()};
}

}  // namespace gof

/// @cond
template <>
struct boost::system::is_error_code_enum<gof::errc> : std::true_type {};
/// @endcond
