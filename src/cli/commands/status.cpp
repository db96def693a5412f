#include "cli/commands/query.hpp"
#include "cli/commands/run.hpp"
#include "cli/output/answer_text.hpp"
#include "cli/output/print.hpp"
#include "log/json_text.hpp"
#include "log/text.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <unistd.h>

namespace gof::cli {
namespace {

using enum daemon::exit_code;
namespace json = boost::json;

constexpr std::chrono::seconds between_looks{1};

std::string seconds_text(const json::value& seconds) {
  return log::age_text(std::chrono::seconds(static_cast<std::int64_t>(seconds.to_number<double>())));
}

std::string size_text(const json::value& bytes) {
  constexpr const char* units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  auto amount = bytes.to_number<double>();
  std::size_t unit = 0;
  for (; amount >= 1024 && unit + 1 < std::size(units); ++unit) amount /= 1024;
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), unit == 0 ? "%.0f %s" : "%.1f %s", amount, units[unit]);
  return text.data();
}

/// Rows with aligned columns.
class table {
 public:
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  std::string text() const {
    std::vector<std::size_t> widths;
    for (const auto& row : rows_)
      for (std::size_t i = 0; i < row.size(); ++i) {
        if (widths.size() <= i) widths.push_back(0);
        widths[i] = std::max(widths[i], row[i].size());
      }
    std::string out;
    for (const auto& row : rows_) {
      std::string line;
      for (std::size_t i = 0; i < row.size(); ++i) {
        line += "  " + row[i];
        if (i + 1 < row.size()) line += std::string(widths[i] - row[i].size(), ' ');
      }
      out += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
    }
    return out;
  }

 private:
  std::vector<std::vector<std::string>> rows_;
};

std::string carried(const json::object& connections) {
  const auto open = connections.at("open").to_number<std::size_t>();
  return log::count_text(open, "connection") + " (" +
         std::to_string(connections.at("total").to_number<std::uint64_t>()) + " so far), " +
         size_text(connections.at("bytes_sent")) + " out, " + size_text(connections.at("bytes_received")) +
         " in";
}

std::string readiness_text(const json::object& one) {
  return (one.at("ready").as_bool() ? "ready" : "DOWN") + std::string(" for ") +
         seconds_text(one.at("since_s"));
}

std::string status_text(const json::object& status) {
  const auto& node = status.at("node").as_object();
  std::string out = text_of(node.at("command")) + " as " + text_of(node.at("name")) + ", " +
                    (node.at("member").as_bool() ? "a member" : "a guest") + ", for " +
                    seconds_text(node.at("uptime_s")) + '\n';
  for (const auto& one : status.at("problems").as_array()) out += "PROBLEM: " + text_of(one) + '\n';
  table forwards;
  for (const auto& each : status.at("forwards").as_array()) {
    const auto& one = each.as_object();
    forwards.add({text_of(one.at("local")) + " -> " + short_name(one) + '/' + text_of(one.at("service")),
                  readiness_text(one), carried(one.at("connections").as_object())});
  }
  table services;
  for (const auto& each : status.at("services").as_array()) {
    const auto& one = each.as_object();
    services.add({text_of(one.at("name")) + " = " + text_of(one.at("target")), readiness_text(one),
                  carried(one.at("connections").as_object())});
  }
  table peers;
  for (const auto& each : status.at("peers").as_array()) {
    const auto& one = each.as_object();
    peers.add({short_name(one), one.at("answers").as_bool() ? text_of(one.at("path")) : "does not answer",
               time_text(one.at("round_trip_ms"), "-")});
  }
  table links;
  for (const auto& each : status.at("links").as_array()) {
    const auto& one = each.as_object();
    links.add({text_of(one.at("address")), one.at("dialled").as_bool() ? "dialled here" : "came in",
               one.at("guest").as_bool() ? "guest" : "member", time_text(one.at("round_trip_ms"), "-")});
  }
  const auto section = [&](const char* title, const table& rows) {
    if (const auto text = rows.text(); !text.empty()) out += std::string(title) + '\n' + text;
  };
  section("forwards", forwards);
  section("services", services);
  section("peers", peers);
  section("links", links);
  return out;
}

std::string peers_text(const json::object& peers) {
  table rows;
  for (const auto& each : peers.at("peers").as_array()) {
    const auto& one = each.as_object();
    std::string offers;
    for (const auto& name : one.at("services").as_array())
      offers += (offers.empty() ? "" : ",") + text_of(name);
    if (offers.empty()) offers = one.at("relays").as_bool() ? "(relays)" : "-";
    rows.add({short_name(one), text_of(one.at("peer")).substr(0, 8), offers,
              one.at("reachable").as_bool() ? text_of(one.at("path")) : "no path now",
              time_text(one.at("round_trip_ms"), "-")});
  }
  const auto text = rows.text();
  return text.empty() ? "nobody else is in the mesh now\n" : text;
}

int check_status(const json::object& status) {
  if (status.at("healthy").as_bool()) return done;
  for (const auto& one : status.at("problems").as_array()) tell_failure(no_service, text_of(one));
  return no_service;
}

}  // namespace

int run(const status_command& what, const os::environment& variables) {
  const auto line = ask_node(what.query, variables);
  if (!line) return tell_failure(line.error());
  for (bool first = true;; first = false) {
    if (!first) (*line)->pause(between_looks);
    const auto status = (*line)->ask("status");
    if (!status) return tell_failure(status.error());
    if (what.check) return check_status(*status);
    const bool redraw = what.watch && !what.query.json && ::isatty(STDOUT_FILENO) == 1;
    const auto text = what.query.json ? log::json_text(*status) + '\n' : status_text(*status);
    if (print((redraw ? "\x1b[H\x1b[2J" : "") + text) != done) return failed;
    if (!what.watch) return done;
  }
}

int run(const peers_command& what, const os::environment& variables) {
  const auto line = ask_node(what.query, variables);
  if (!line) return tell_failure(line.error());
  const auto peers = (*line)->ask("peers");
  if (!peers) return tell_failure(peers.error());
  return print(what.query.json ? log::json_text(*peers) + '\n' : peers_text(*peers));
}

}  // namespace gof::cli
