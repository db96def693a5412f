#include "log/json_text.hpp"

#include "base/utf8.hpp"

#include <boost/json/serialize.hpp>

#include <charconv>
#include <cmath>

namespace gof::log {
namespace {

namespace json = boost::json;

/// boost.json writes every fraction with an exponent (5.317E1). People read these lines, too.
std::string plain(double number) {
  if (!std::isfinite(number)) return "null";
  char text[400];  // the largest double has 309 digits, the smallest 325 after the point
  const auto end = std::to_chars(text, text + sizeof text, number, std::chars_format::fixed).ptr;
  return {text, end};
}

void write(std::string& to, const json::value& what) {
  if (const auto* object = what.if_object()) {
    char before = '{';
    for (const auto& [key, value] : *object) {
      to += before + json::serialize(json::string_view(key)) + ':';
      write(to, value);
      before = ',';
    }
    to += object->empty() ? "{}" : "}";
  } else if (const auto* array = what.if_array()) {
    char before = '[';
    for (const auto& value : *array) {
      to += before;
      write(to, value);
      before = ',';
    }
    to += array->empty() ? "[]" : "]";
  } else if (const auto* number = what.if_double()) {
    to += plain(*number);
  } else {
    to += json::serialize(what);
  }
}

}  // namespace

std::string json_text(const json::object& what) {
  std::string text;
  write(text, what);
  return utf8::repaired(text);
}

}  // namespace gof::log
