#pragma once

#include "log/fields.hpp"

#include <string>

namespace gof::log {

enum class level { debug, info, warning, error };

/// Where lines for people go. Each is one line in plain words, without secrets. Text that came from other
/// peers must have passed printable() before.
class logger {
 public:
  virtual ~logger() = default;
  virtual void write(level how, const std::string& line, const fields& what) = 0;
  /// Whether lines of this level are written; if not, the caller can save the work of composing one.
  virtual bool keeps(level) const { return true; }
  void write(level how, const std::string& line) { write(how, line, {}); }
};

}  // namespace gof::log
