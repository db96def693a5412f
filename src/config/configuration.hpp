#pragma once

#include "config/ini.hpp"
#include "forward/spec.hpp"
#include "forward/target.hpp"

#include <optional>

namespace gof::config {

/// A word, and the line that it is in.
struct word {
  std::string text;
  std::size_t line = 0;
};

/// [serve NAME]
struct serve_section {
  std::vector<forward::service> services;  ///< several for a range
  std::vector<word> allow;                 ///< PEERs that need no ticket for them
  std::size_t line = 0;
};

/// [forward NAME]
struct forward_section {
  std::string name;
  word peer;
  std::vector<forward::spec> specs;  ///< one for each listen =
  std::size_t line = 0;
};

/// [alias NAME]: what NAME stands for where a PEER is expected.
struct alias_section {
  std::string name;
  word peer;
};

/// A parsed configuration file. Nothing outside of it has been read yet: each PEER is still a word, and so
/// are the values of [node]. gof.conf(5).
struct configuration {
  std::string file;  ///< as shown to the user
  std::vector<entry> node;
  std::vector<serve_section> serves;
  std::vector<forward_section> forwards;
  std::vector<alias_section> aliases;

  const alias_section* alias(std::string_view name) const;
  std::string place(std::size_t line) const { return place_text(file, line); }
};

/// A problem begins with "FILE:LINE: ".
result<configuration> parse_configuration(std::string_view text, std::string_view file);

}  // namespace gof::config
