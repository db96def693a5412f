#include "cli/output/answer_text.hpp"

#include "log/text.hpp"

namespace gof::cli {

std::string text_of(const boost::json::value& of) {
  return of.is_string() ? std::string(of.get_string()) : std::string();
}

std::string time_text(const boost::json::value& milliseconds, const char* unknown) {
  if (milliseconds.is_null()) return unknown;
  const auto ns = static_cast<std::int64_t>(milliseconds.to_number<double>() * 1e6);
  return log::time_text(std::chrono::nanoseconds(ns));
}

std::string short_name(const boost::json::object& of) {
  const auto name = text_of(of.at("name"));
  return name.empty() ? text_of(of.at("peer")).substr(0, 8) : name;
}

}  // namespace gof::cli
