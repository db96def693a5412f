#pragma once

#include "dial/attempt.hpp"

#include <gof/error.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace gof::forward {

/// Why a target could not be reached.
struct dial_failure {
  errc why = errc::target_failed;
  std::string system_words;

  /// What both sides are told about the target of a service: "localhost:22 on NAME refused".
  std::string text(std::string_view target, std::string_view name) const;

  /// The failure of one address, or of the name.
  static dial_failure of(const dial::failure& one);
  /// The most informative of all failures of one target.
  static dial_failure of(const std::vector<dial::failure>& all);

  /// The more informative of two attempts: one in which something answered.
  static const dial_failure& better(const dial_failure& earlier, const dial_failure& later);
};

}  // namespace gof::forward
