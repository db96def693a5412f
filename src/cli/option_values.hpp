#pragma once

#include "base/problem.hpp"
#include "cli/options.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gof::cli {

using environment = std::map<std::string, std::string, std::less<>>;

/// The words of one command sorted out: options with their texts, and the rest. An option of the command line
/// goes before its GOF_* variable; a variable that is empty counts as unset.
class option_values {
 public:
  /// `words`: behind the command. The problem names the word, and the option probably meant.
  static result<option_values> parse(verb of, std::span<const std::string> words,
                                     const environment& variables);

  const std::vector<std::string>& words() const { return words_; }

  /// The last text given; empty: none was.
  std::optional<std::string> last(std::string_view name) const;
  std::vector<std::string> all(std::string_view name) const;
  /// The last text as the name of a file.
  result<std::optional<std::filesystem::path>> path(std::string_view name) const;
  std::size_t count(std::string_view name) const;
  bool on_command_line(std::string_view name) const;

  /// "--survive" or "GOF_SURVIVE", whichever was given.
  std::string source(std::string_view name) const;
  /// "--survive 'x'" or "GOF_SURVIVE='x'", whichever it was: the beginning of a problem.
  std::string told(std::string_view name) const;

 private:
  struct value {
    const option* of = nullptr;
    std::vector<std::string> texts;  ///< a flag: one empty text each time
    bool from_environment = false;
  };

  result<void> read_environment(verb of, const environment& variables);

  std::map<std::string, value, std::less<>> values_;  ///< by name, or by letter where there is no name
  std::vector<std::string> words_;
};

}  // namespace gof::cli
