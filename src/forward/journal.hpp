#pragma once

#include <string>

namespace gof::forward {

enum class level { detail, note, warning, trouble };

/// Where lines for a person go. What is written is one line in the person's words, without secrets; text of
/// others has passed printable() before.
class journal {
 public:
  virtual ~journal() = default;
  virtual void write(level how, const std::string& line) = 0;
};

}  // namespace gof::forward
