#pragma once

#include <gof/error.hpp>

#include <string>

namespace gof::forward {

/// Why a target was not reached.
struct dial_failure {
  errc why = errc::target_failed;
  std::string system_words;

  /// What the system said of one attempt to connect.
  static dial_failure of_connect(boost::system::error_code error);
  /// What the resolver said of the name.
  static dial_failure of_name(boost::system::error_code error);

  /// Of two attempts at one target the one that tells more: somebody answered.
  static const dial_failure& better(const dial_failure& earlier, const dial_failure& later);
};

}  // namespace gof::forward
