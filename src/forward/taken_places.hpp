#pragma once

#include "forward/spec.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gof::forward {

/// The addresses and ports that the listeners of one process will bind. Finds two that collide before either
/// is bound. As many as there are listeners.
class taken_places {
 public:
  /// The listener that has the place or a part of it. Empty: it was free; now `who` has it. Port 0 is free.
  std::optional<std::size_t> take(const local_endpoint& at, std::size_t who);

 private:
  struct place {
    std::string address;
    std::size_t who = 0;
  };
  std::map<std::uint16_t, std::vector<place>> ports_;
  std::map<std::string, std::size_t> paths_;
};

/// A listener on both loopback addresses leaves ::1 to a listener on the same port that names it.
void leave_named_places(const std::vector<local_endpoint*>& all);
void leave_named_places(std::vector<spec>& all);

}  // namespace gof::forward
