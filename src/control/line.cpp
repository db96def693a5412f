#include "control/line.hpp"

#include <boost/json.hpp>

namespace gof::control {
namespace {

/// Null if the line is not an object.
boost::json::value read_object(std::string_view line) {
  boost::system::error_code wrong;
  auto read = boost::json::parse(line, wrong);
  if (wrong || !read.is_object()) return nullptr;
  return read;
}

}  // namespace

result<request> read_request(std::string_view line) {
  auto read = read_object(line);
  const auto* what = read.is_object() ? read.get_object().if_contains("request") : nullptr;
  if (!what || !what->is_string()) return problem{"a request is an object with the member \"request\""};
  std::string name(what->get_string());
  return request{std::move(name), std::move(read.get_object())};
}

result<boost::json::object> read_answer(std::string_view line) {
  auto read = read_object(line);
  if (!read.is_object()) return problem{"the node's answer is no JSON object"};
  if (const auto* told = read.get_object().if_contains("error"); told && told->is_string())
    return problem{std::string(told->get_string())};
  return std::move(read.get_object());
}

}  // namespace gof::control
