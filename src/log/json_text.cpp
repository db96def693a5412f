#include "log/json_text.hpp"

#include "base/utf8.hpp"

#include <boost/json/serialize.hpp>

namespace gof::log {

std::string json_text(const boost::json::object& what) {
  return utf8::repaired(boost::json::serialize(what));
}

}  // namespace gof::log
