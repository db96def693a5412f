#include "net/error.hpp"

#include <string>

namespace gof {
namespace {

// Boost's base class deliberately has no virtual destructor: nothing deletes a category through it.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"
class category final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "gof"; }

  std::string message(int value) const override {
    switch (static_cast<errc>(value)) {
      case errc::unknown_service: return "the peer has no such service";
      case errc::not_allowed: return "not allowed";
      case errc::withdrawn: return "the ticket was withdrawn";
      case errc::target_refused: return "the target refused the connection";
      case errc::target_unknown: return "the target's name does not resolve";
      case errc::target_timeout: return "the target did not answer in time";
      case errc::target_failed: return "the target cannot be reached";
      case errc::no_path: return "the peer cannot be reached now";
      case errc::timed_out: return "the peer did not answer in time";
      case errc::wrong_identity: return "who answers holds another key than the one asked for";
      case errc::version: return "no protocol version in common";
      case errc::busy: return "the peer is at one of its limits";
      case errc::reset: return "reset by the other side";
      case errc::protocol: return "the other side broke the protocol";
      case errc::shut_down: return "the node is going away";
      case errc::bad_ticket: return "not a ticket that can be used here";
      case errc::loop: return "a loop: the service's target is where the asking program itself listens";
      case errc::another_loop: return "all nodes of a process run on one io_context, and another is in use";
    }
    return "gof error " + std::to_string(value);
  }

  /// The nearest of the standard's conditions, for programs that need no finer distinction.
  boost::system::error_condition default_error_condition(int value) const noexcept override {
    namespace generic = boost::system::errc;
    switch (static_cast<errc>(value)) {
      case errc::unknown_service:
      case errc::target_refused: return generic::make_error_condition(generic::connection_refused);
      case errc::not_allowed:
      case errc::withdrawn:
      case errc::wrong_identity: return generic::make_error_condition(generic::permission_denied);
      case errc::target_timeout:
      case errc::timed_out: return generic::make_error_condition(generic::timed_out);
      case errc::target_unknown:
      case errc::target_failed:
      case errc::no_path: return generic::make_error_condition(generic::host_unreachable);
      case errc::busy: return generic::make_error_condition(generic::resource_unavailable_try_again);
      case errc::reset:
      case errc::shut_down: return generic::make_error_condition(generic::connection_reset);
      case errc::version:
      case errc::protocol: return generic::make_error_condition(generic::protocol_error);
      case errc::bad_ticket: return generic::make_error_condition(generic::invalid_argument);
      case errc::loop: return generic::make_error_condition(generic::too_many_symbolic_link_levels);
      case errc::another_loop: return generic::make_error_condition(generic::operation_not_permitted);
    }
    return {value, *this};
  }
};
#pragma GCC diagnostic pop

}  // namespace

const boost::system::error_category& gof_category() {
  static const category only;
  return only;
}

}  // namespace gof

namespace gof::net {

boost::system::error_code error_from(wire::reason why) {
  switch (why) {
    case wire::reason::none: return {};
    case wire::reason::version: return errc::version;
    case wire::reason::withdrawn: return errc::withdrawn;
    case wire::reason::busy: return errc::busy;
    case wire::reason::unknown_service: return errc::unknown_service;
    case wire::reason::not_allowed: return errc::not_allowed;
    case wire::reason::target_refused: return errc::target_refused;
    case wire::reason::target_unknown: return errc::target_unknown;
    case wire::reason::target_timeout: return errc::target_timeout;
    case wire::reason::target_failed: return errc::target_failed;
    case wire::reason::reset: return errc::reset;
    case wire::reason::survived_out: return errc::no_path;
    // The peer's process restarted, or its session did: to this stream that is a reset.
    case wire::reason::superseded: return errc::reset;
    case wire::reason::protocol: return errc::protocol;
    case wire::reason::shutdown: return errc::shut_down;
    case wire::reason::unknown_route: return errc::no_path;
    case wire::reason::identity: return errc::wrong_identity;
    case wire::reason::loop: return errc::loop;
  }
  return errc::protocol;
}

wire::reason reason_from(errc why) {
  switch (why) {
    case errc::unknown_service: return wire::reason::unknown_service;
    case errc::withdrawn: return wire::reason::withdrawn;
    case errc::target_refused: return wire::reason::target_refused;
    case errc::target_unknown: return wire::reason::target_unknown;
    case errc::target_timeout:
    case errc::timed_out: return wire::reason::target_timeout;
    case errc::target_failed:
    case errc::no_path: return wire::reason::target_failed;
    case errc::wrong_identity: return wire::reason::identity;
    case errc::version: return wire::reason::version;
    case errc::busy: return wire::reason::busy;
    case errc::reset: return wire::reason::reset;
    case errc::protocol: return wire::reason::protocol;
    case errc::shut_down: return wire::reason::shutdown;
    case errc::loop: return wire::reason::loop;
    case errc::not_allowed:
    case errc::bad_ticket:
    case errc::another_loop: return wire::reason::not_allowed;
  }
  return wire::reason::not_allowed;
}

}  // namespace gof::net
