#include "dial/failure.hpp"

#include "dial/lookup.hpp"

namespace gof::dial {

std::string failure::words() const {
  switch (what) {
    case kind::name: return lookup_words(error);
    case kind::silent: return "no answer";
    case kind::crowded: return "too many other connections are still being made";
    case kind::queue_full: return "its queue of connections is full";
    case kind::connect:
    case kind::resource_exhausted: break;
  }
  return error.message();
}

}  // namespace gof::dial
