#include "mesh/label.hpp"

#include "secure/derive.hpp"

#include <limits>

namespace gof::core {

std::uint16_t label_of(const node_id& own, const node_id& neighbour, const std::set<std::uint16_t>& taken) {
  constexpr std::size_t all = std::numeric_limits<std::uint16_t>::max();  // without 0
  if (taken.size() - taken.count(0) >= all) return 0;
  const auto hash = secure::sha256({own.view(), neighbour.view()});
  auto label = static_cast<std::uint16_t>(hash[0] << 8 | hash[1]);
  while (label == 0 || taken.contains(label)) ++label;
  return label;
}

}  // namespace gof::core
