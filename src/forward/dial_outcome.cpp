#include "forward/dial_outcome.hpp"

#include <boost/asio/error.hpp>

namespace gof::forward {

namespace io_error = boost::asio::error;

namespace {

errc errc_of(const dial::failure& one) {
  using kind = dial::failure::kind;
  switch (one.what) {
    // The resolver could not say whether the name exists.
    case kind::name: return one.error == io_error::try_again ? errc::busy : errc::target_unknown;
    case kind::silent:
    case kind::crowded:  // mostly by other dials of this target
    case kind::queue_full: return errc::target_timeout;
    case kind::resource_exhausted: return errc::busy;
    case kind::connect: break;
  }
  if (one.error == io_error::connection_refused || one.error == io_error::connection_reset)
    return errc::target_refused;
  return one.error == io_error::timed_out ? errc::target_timeout : errc::target_failed;
}

}  // namespace

std::string dial_failure::text(std::string_view target, std::string_view name) const {
  const auto where = std::string(target) + " on " + std::string(name);
  switch (why) {
    case errc::target_refused: return where + " refused";
    case errc::target_unknown: return where + ": the name does not resolve";
    case errc::target_timeout: return where + " did not answer";
    case errc::loop:
      return where + " is where a forward of this service listens (a loop); give that another port";
    default: return where + ": " + system_words;
  }
}

dial_failure dial_failure::of(const dial::failure& one) {
  return {errc_of(one), one.words()};
}

dial_failure dial_failure::of(const std::vector<dial::failure>& all) {
  dial_failure best;
  for (const auto& one : all) best = better(best, of(one));
  return best;
}

const dial_failure& dial_failure::better(const dial_failure& earlier, const dial_failure& later) {
  return earlier.why == errc::target_refused ? earlier : later;
}

}  // namespace gof::forward
