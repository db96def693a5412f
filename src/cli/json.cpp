#include "cli/json.hpp"

#include "base/utf8.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

namespace gof::cli {

std::string json_text(std::string_view text) {
  return boost::json::serialize(boost::json::string(utf8::repaired(text)));
}

}  // namespace gof::cli
