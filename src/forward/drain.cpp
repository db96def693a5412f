#include "forward/drain.hpp"

#include "log/text.hpp"

namespace gof::forward {

using log::count_text;

drain::drain(time now, std::size_t left) : until_(now + limit), at_first_(left) {}

std::string drain::words() const {
  if (at_first_ == 0) return {};
  return count_text(at_first_, "connection") + " left; again to stop now";
}

}  // namespace gof::forward
