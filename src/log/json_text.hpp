#pragma once

#include <boost/json/object.hpp>

#include <string>

namespace gof::log {

/// One line of JSON, without its end, with plain numbers (53.17). Bytes of its texts that are not UTF-8
/// become U+FFFD.
std::string json_text(const boost::json::object& what);

}  // namespace gof::log
