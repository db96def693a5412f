#pragma once

#include "dial/attempt.hpp"

#include <gof/error.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace gof::forward {

/// Why a target was not reached.
struct dial_failure {
  errc why = errc::target_failed;
  std::string system_words;

  /// What became of a service's target, as it is told to both sides: "localhost:22 on NAME refused".
  std::string text(std::string_view target, std::string_view name) const;

  /// Why one address, or the name, did not do.
  static dial_failure of(const dial::failure& one);
  /// Of all that went wrong with one target what tells most.
  static dial_failure of(const std::vector<dial::failure>& all);

  /// Of two attempts at one target the one that tells more: somebody answered.
  static const dial_failure& better(const dial_failure& earlier, const dial_failure& later);
};

}  // namespace gof::forward
