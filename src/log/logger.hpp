#pragma once

#include "log/fields.hpp"

#include <string>

namespace gof::log {

enum class level { debug, info, warning, error };

/// Where lines for a person go. What is written is one line in the person's words, without secrets; text of
/// others has passed printable() before.
class logger {
 public:
  virtual ~logger() = default;
  virtual void write(level how, const std::string& line, const fields& what) = 0;
  /// Whether a line of this level is kept: what costs something to put in words can be left out.
  virtual bool keeps(level) const { return true; }
  void write(level how, const std::string& line) { write(how, line, {}); }
};

}  // namespace gof::log
