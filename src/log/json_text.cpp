#include "log/json_text.hpp"

#include "base/utf8.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

namespace gof::log {

std::string json_text(std::string_view text) {
  return boost::json::serialize(boost::json::string(utf8::repaired(text)));
}

}  // namespace gof::log
