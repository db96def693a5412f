#pragma once

#include "base/problem.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gof::config {

struct entry {
  std::string key;
  std::string value;
  std::size_t line = 0;
};

/// [KIND] or [KIND NAME], with the entries below it.
struct section {
  std::string kind;
  std::string name;  ///< empty: there is none
  std::size_t line = 0;
  std::vector<entry> entries;
};

/// Bytes; far more than the most services and forwards of a node need.
constexpr std::size_t longest_file = std::size_t{1} << 20;
constexpr std::size_t longest_line = 4096;

/// Parses the format only (gof.conf(5), FORMAT). A problem begins with "FILE:LINE: ".
result<std::vector<section>> parse_ini(std::string_view text, std::string_view file);

/// "FILE:LINE: ".
std::string place_text(std::string_view file, std::size_t line);

}  // namespace gof::config
