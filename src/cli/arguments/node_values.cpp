#include "cli/arguments/node_values.hpp"

#include "base/pasted_ticket.hpp"
#include "base/peer_name.hpp"
#include "cli/arguments/duration.hpp"

#include <algorithm>
#include <charconv>

namespace gof::cli {

result<void> read_duration(const option_values& values, std::string_view name,
                           std::chrono::milliseconds& to) {
  const auto text = values.last(name);
  if (!text) return {};
  const auto duration = parse_duration(*text);
  if (!duration || *duration == duration->zero())
    return problem{values.told(name) + ": not a time from 1ms to 24h; write 500ms, 10s, 2m or 1h"};
  to = *duration;
  return {};
}

result<void> read_path(const option_values& values, std::string_view name,
                       std::optional<std::filesystem::path>& to) {
  auto path = values.path(name);
  if (!path) return path.error();
  if (*path) to = std::move(*path);
  return {};
}

namespace {

constexpr int first_free_descriptor = 3;                         // after stdin, stdout and stderr
constexpr std::uint64_t smallest_size = std::uint64_t{1} << 20;  // less would end before the path can change
constexpr std::uint64_t largest_size = std::uint64_t{64} << 30;  // takes an hour at the slowest

/// Parses a choice into `to`, which is unchanged if the option was not given.
template <class Choice, std::size_t Count>
result<void> read_choice(const option_values& values, std::string_view name,
                         const std::pair<std::string_view, Choice> (&choices)[Count], Choice& to) {
  const auto text = values.last(name);
  if (!text) return {};
  std::string list;
  for (const auto& [word, choice] : choices) {
    if (word == *text) {
      to = choice;
      return {};
    }
    list += (list.empty() ? "" : ", ") + std::string(word);
  }
  return problem{values.told(name) + ": it is one of " + list};
}

result<void> read_log(const option_values& values, log::options& to) {
  using level = log::options::level;
  constexpr std::pair<std::string_view, level> levels[] = {{"error", level::error},
                                                           {"warn", level::warning},
                                                           {"info", level::info},
                                                           {"debug", level::debug},
                                                           {"trace", level::trace}};
  constexpr std::pair<std::string_view, log::options::format> formats[] = {
      {"text", log::options::format::text}, {"json", log::options::format::json}};
  const auto louder = values.count("verbose");
  const auto quieter = values.count("quiet");
  if (louder > 0 && quieter > 0) return problem{"-v and -q contradict each other"};
  if (auto read = read_choice(values, "log-level", levels, to.least); !read) return read;
  // The command line overrides the environment, even if they use different options for the same setting.
  if (!values.on_command_line("log-level")) {
    if (louder > 0) to.least = louder == 1 ? level::debug : level::trace;
    if (quieter > 0) to.least = quieter == 1 ? level::warning : level::error;
  }
  if (auto read = read_choice(values, "log-format", formats, to.lines); !read) return read;
  return read_color(values, to.colors);
}

result<void> read_name(const option_values& values, std::optional<std::string>& to) {
  auto name = values.last("name");
  if (!name) return {};
  if (name->starts_with(ticket_prefix)) return problem{values.told("name") + ": 'gof1' begins a ticket"};
  if (!is_peer_name(*name))
    return problem{values.told("name") +
                   ": a peer's name is of letters, digits, '.', '_' and '-', no '-' first, 63 "
                   "at most"};
  to = std::move(name);
  return {};
}

result<void> read_ready_fd(const option_values& values, std::optional<int>& to) {
  const auto text = values.last("ready-fd");
  if (!text) return {};
  int number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc{} || end != text->data() + text->size() || number < first_free_descriptor)
    return problem{values.told("ready-fd") + ": not the number of a descriptor from 3 on"};
  to = number;
  return {};
}

/// One part of --keep-alive.
result<void> read_seconds(const option_values& values, std::string_view part, std::string_view text,
                          std::chrono::seconds& to) {
  const auto time = parse_duration(text);
  const auto seconds = time ? std::chrono::floor<std::chrono::seconds>(*time) : std::chrono::seconds(-1);
  const auto least = std::chrono::seconds(part == "TIME" ? 0 : 1);
  if (!time || seconds != *time || seconds < least || seconds > forward::keep_alive::longest)
    return problem{values.told("keep-alive") + ": " + std::string(part) + " " + forward::in_quotes(text) +
                   " is not a time in whole seconds from 1s to 9h" +
                   (part == "TIME" ? ", or 0 for never" : "")};
  to = seconds;
  return {};
}

result<void> read_keep_alive(const option_values& values, forward::keep_alive& to) {
  const auto given = values.last("keep-alive");
  if (!given) return {};
  std::vector<std::string_view> parts;
  for (std::string_view rest = *given;;) {
    const auto comma = rest.find(',');
    parts.push_back(rest.substr(0, comma));
    if (comma == rest.npos) break;
    rest.remove_prefix(comma + 1);
  }
  if (parts.size() != 1 && parts.size() != 3)
    return problem{values.told("keep-alive") + ": write TIME or TIME,INTERVAL,COUNT, such as 60s,10s,6"};
  if (auto read = read_seconds(values, "TIME", parts[0], to.time); !read || parts.size() == 1) return read;
  if (auto read = read_seconds(values, "INTERVAL", parts[1], to.interval); !read) return read;
  const auto [end, error] = std::from_chars(parts[2].data(), parts[2].data() + parts[2].size(), to.count);
  if (error == std::errc{} && end == parts[2].data() + parts[2].size() && to.count >= 1 &&
      to.count <= forward::keep_alive::most)
    return {};
  return problem{values.told("keep-alive") + ": COUNT " + forward::in_quotes(parts[2]) +
                 " is not a number from 1 to " + std::to_string(forward::keep_alive::most)};
}

result<void> read_identity(const option_values& values, daemon::node_settings& to) {
  to.ephemeral = values.count("ephemeral") > 0;
  if (auto read = read_path(values, "key", to.key); !read) return read;
  if (!to.ephemeral || !to.key) return {};
  const auto first = values.precedence("key", "ephemeral");
  if (first == 0)
    return problem{values.source("ephemeral") + " and " + values.source("key") + " contradict each other"};
  if (first > 0)
    to.ephemeral = false;
  else
    to.key.reset();
  return {};
}

}  // namespace

result<void> read_color(const option_values& values, log::options::color& to) {
  constexpr std::pair<std::string_view, log::options::color> colors[] = {
      {"auto", log::options::color::automatic},
      {"always", log::options::color::always},
      {"never", log::options::color::never}};
  return read_choice(values, "color", colors, to);
}

result<void> read_size(const option_values& values, std::string_view name, std::uint64_t& to) {
  const auto text = values.last(name);
  if (!text) return {};
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  const std::string_view unit(end, static_cast<std::size_t>(text->data() + text->size() - end));
  const int shift = unit.empty() ? 0 : unit == "K" ? 10 : unit == "M" ? 20 : unit == "G" ? 30 : -1;
  if (error != std::errc{} || shift < 0 || number > largest_size >> shift || number << shift < smallest_size)
    return problem{values.told(name) + ": not a size from 1M to 64G; write 1500K, 64M or 2G"};
  to = number << shift;
  return {};
}

result<daemon::node_settings> read_node(const option_values& values) {
  daemon::node_settings node;
  if (const auto read = read_name(values, node.name); !read) return read.error();
  if (const auto read = read_identity(values, node); !read) return read.error();
  if (const auto read = read_duration(values, "connect-timeout", node.connect_timeout); !read)
    return read.error();
  if (const auto read = read_duration(values, "survive", node.survive); !read) return read.error();
  if (const auto read = read_keep_alive(values, node.keep_alive); !read) return read.error();
  if (const auto read = read_ready_fd(values, node.ready_fd); !read) return read.error();
  if (const auto read = read_path(values, "control", node.control); !read) return read.error();
  if (const auto read = read_log(values, node.log); !read) return read.error();
  return node;
}

}  // namespace gof::cli
