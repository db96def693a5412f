#include "pages/splice.hpp"

#include <algorithm>
#include <set>

namespace gof::pages {

result<std::string> splice(std::string_view source, const parts& lists) {
  std::string out;
  std::set<std::string_view> used;
  std::size_t number = 0;
  while (!source.empty()) {
    const auto line = source.substr(0, source.find('\n'));
    source.remove_prefix(std::min(source.size(), line.size() + 1));
    ++number;
    if (!line.starts_with('@')) {
      out.append(line).append("\n");
      continue;
    }
    const auto list = lists.find(line.substr(1));
    if (list == lists.end())
      return problem{std::to_string(number) + ": no list is called " + std::string(line)};
    if (!used.insert(list->first).second)
      return problem{std::to_string(number) + ": " + std::string(line) + " stands there twice"};
    out += list->second;
  }
  for (const auto& [name, list] : lists)
    if (!used.contains(name)) return problem{std::to_string(number) + ": it lacks a line @" + name};
  return result<std::string>(boost::system::in_place_value, std::move(out));
}

}  // namespace gof::pages
