#pragma once

#include "base/problem.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace gof::control {

/// What a line that came over a control socket asks for.
struct request {
  std::string what;  ///< its member "request"
  boost::json::object whole;
};
result<request> read_request(std::string_view line);

/// A node's answer. The problem: it is none, or the node's own words (its member "error").
result<boost::json::object> read_answer(std::string_view line);

}  // namespace gof::control
