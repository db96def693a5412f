#pragma once

#include "base/problem.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace gof::control {

/// A request that was received over a control socket.
struct request {
  std::string what;  ///< its member "request"
  boost::json::object whole;
};
result<request> read_request(std::string_view line);

/// A node's answer. The problem: it is invalid, or the node's own message (its member "error").
result<boost::json::object> read_answer(std::string_view line);

}  // namespace gof::control
