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

/// Whether the option is also a key of [node].
bool stands_in_files(const option& o);
/// Whether two nodes of a peer cannot share the option. In the standard file it is only for `gof run`.
bool is_of_one_node(const option& o);

/// The parsed words of one command: options with their values, and the rest. The command line overrides GOF_*
/// variables, and these override a configuration file; an empty variable counts as unset.
class option_values {
 public:
  /// `words`: those after the command. The problem names the word, and the option that was probably meant.
  static result<option_values> parse(verb of, std::span<const std::string> words,
                                     const os::environment& variables);
  /// The values in a file's [node] for this command. The problem names file and line. `named`: the user named
  /// the file; otherwise keys that only one node of a peer can use apply to `gof run` alone.
  static result<option_values> of_file(verb of, const config::configuration& file, bool named);
  /// Adds the file's values with the lowest precedence.
  void fall_back_to(const option_values& file);

  const std::vector<std::string>& words() const { return words_; }

  /// The last value given; empty: none was.
  std::optional<std::string> last(std::string_view name) const;
  std::vector<std::string> all(std::string_view name) const;
  /// The last value as a path.
  result<std::optional<std::filesystem::path>> path(std::string_view name) const;
  std::size_t count(std::string_view name) const;
  bool on_command_line(std::string_view name) const;
  /// Compares where two mutually exclusive options were given: positive if the first overrides the second,
  /// negative if the second does, 0 if both are in the same place.
  int precedence(std::string_view one, std::string_view other) const;

  /// "--survive", "GOF_SURVIVE" or "gof.conf:3: survive", according to where it was given.
  std::string source(std::string_view name) const;
  /// "--survive 'x'", "GOF_SURVIVE='x'" or "gof.conf:3: survive = 'x'", according to where it was given: the
  /// beginning of a problem.
  std::string told(std::string_view name) const;

 private:
  enum class origin { file, variable, line };  ///< later ones override earlier ones
  struct value {
    const option* of = nullptr;
    std::vector<std::string> texts;  ///< a flag: an empty text for each time it was given
    origin from = origin::line;
    std::string place{};  ///< in the file
  };

  result<void> read_environment(verb of, const os::environment& variables);
  result<void> read_entry(const option& o, const config::configuration& file, const config::entry& one);

  std::map<std::string, value, std::less<>> values_;  ///< by name, or by letter if there is no name
  std::vector<std::string> words_;
};

}  // namespace gof::cli
