#pragma once

#include <boost/json/object.hpp>

#include <string>

namespace gof::log {

/// One line of JSON, without its end. Readable whatever the texts in it hold: bytes that are no UTF-8 become
/// U+FFFD.
std::string json_text(const boost::json::object& what);

}  // namespace gof::log
