#include "forward/dial_outcome.hpp"

#include <boost/asio/error.hpp>

namespace gof::forward {

namespace io_error = boost::asio::error;

dial_failure dial_failure::of_connect(boost::system::error_code error) {
  if (error == io_error::connection_refused || error == io_error::connection_reset)
    return {errc::target_refused, error.message()};
  if (error == io_error::timed_out) return {errc::target_timeout, error.message()};
  return {errc::target_failed, error.message()};
}

dial_failure dial_failure::of_name(boost::system::error_code error) {
  return {errc::target_unknown, error.message()};
}

const dial_failure& dial_failure::better(const dial_failure& earlier, const dial_failure& later) {
  return earlier.why == errc::target_refused ? earlier : later;
}

}  // namespace gof::forward
