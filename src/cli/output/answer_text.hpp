#pragma once

#include <boost/json/object.hpp>

#include <string>

namespace gof::cli {

// Texts for the answers of a running node.

/// Empty if the value is not a string.
std::string text_of(const boost::json::value& of);

/// Milliseconds as "12.3 ms"; `unknown` for null.
std::string time_text(const boost::json::value& milliseconds, const char* unknown);

/// A peer's name, or else the beginning of its id.
std::string short_name(const boost::json::object& of);

}  // namespace gof::cli
