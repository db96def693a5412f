#pragma once

#include "base/problem.hpp"
#include "cli/arguments/options.hpp"
#include "config/configuration.hpp"
#include "os/environment.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gof::cli {

/// It is a key of [node], too.
bool stands_in_files(const option& o);
/// Two nodes of a peer cannot share it: of the file that all of them read it is meant for `gof run`.
bool is_of_one_node(const option& o);

/// The words of one command sorted out: options with their texts, and the rest. An option of the command line
/// goes before its GOF_* variable, that before the same in a configuration file; a variable that is empty
/// counts as unset.
class option_values {
 public:
  /// `words`: behind the command. The problem names the word, and the option probably meant.
  static result<option_values> parse(verb of, std::span<const std::string> words,
                                     const os::environment& variables);
  /// What [node] of a file says to this command. The problem names file and line. `named`: the file was asked
  /// for; else keys that only one node of a peer can use are not for `of`, unless that is run.
  static result<option_values> of_file(verb of, const config::configuration& file, bool named);
  /// Behind what is there already.
  void fall_back_to(const option_values& file);

  const std::vector<std::string>& words() const { return words_; }

  /// The last text given; empty: none was.
  std::optional<std::string> last(std::string_view name) const;
  std::vector<std::string> all(std::string_view name) const;
  /// The last text as the name of a file.
  result<std::optional<std::filesystem::path>> path(std::string_view name) const;
  std::size_t count(std::string_view name) const;
  bool on_command_line(std::string_view name) const;
  /// Which of two options that exclude each other counts: the sign of it, 0 when both stand in the same
  /// place.
  int precedence(std::string_view one, std::string_view other) const;

  /// "--survive", "GOF_SURVIVE" or "gof.conf:3: survive", whichever was given.
  std::string source(std::string_view name) const;
  /// "--survive 'x'", "GOF_SURVIVE='x'" or "gof.conf:3: survive = 'x'", whichever it was: the beginning of a
  /// problem.
  std::string told(std::string_view name) const;

 private:
  enum class origin { file, variable, line };  ///< the later goes before the others
  struct value {
    const option* of = nullptr;
    std::vector<std::string> texts;  ///< a flag: one empty text each time
    origin from = origin::line;
    std::string place{};  ///< of the file
  };

  result<void> read_environment(verb of, const os::environment& variables);
  result<void> read_entry(const option& o, const config::configuration& file, const config::entry& one);

  std::map<std::string, value, std::less<>> values_;  ///< by name, or by letter where there is no name
  std::vector<std::string> words_;
};

}  // namespace gof::cli
