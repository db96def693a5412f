#pragma once

#include "base/problem.hpp"
#include "daemon/exit_code.hpp"

#include <string>
#include <utility>

namespace gof::daemon {

/// Why the program ends: a message, and the exit code.
struct failure {
  exit_code code = failed;
  std::string what;
};

template <class T>
using outcome = boost::system::result<T, failure>;

/// The value, or its problem with the exit code for the place that the value came from.
template <class T>
outcome<T> or_fail(result<T> from, exit_code code) {
  if (from) {
    if constexpr (std::is_void_v<T>)
      return {};
    else
      return std::move(*from);
  }
  return failure{code, from.error().what};
}

}  // namespace gof::daemon
