#pragma once

#include <string>
#include <string_view>

namespace gof::forward {

enum class level { detail, note, warning, trouble };

/// What a line tells in a word that scripts may rely on, and of whom: tests/README.md, Events.
struct happening {
  std::string_view event;  ///< empty: nothing of the kind
  std::string peer;        ///< its id; empty: nobody known
  std::string node;        ///< its id; empty: none known
};

/// Where lines for a person go. What is written is one line in the person's words, without secrets; text of
/// others has passed printable() before.
class journal {
 public:
  virtual ~journal() = default;
  virtual void write(level how, const std::string& line, const happening& what) = 0;
  /// Whether a line of this level is kept: what costs something to put in words can be left out.
  virtual bool keeps(level) const { return true; }
  void write(level how, const std::string& line) { write(how, line, {}); }
};

}  // namespace gof::forward
