#include "log/stderr_log.hpp"

#include "log/json_text.hpp"
#include "log/text.hpp"

#include <spdlog/details/null_mutex.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>

#include <unistd.h>

namespace gof::log {
namespace {

spdlog::level::level_enum level_of(level how) {
  switch (how) {
    case level::debug: return spdlog::level::debug;
    case level::info: return spdlog::level::info;
    case level::warning: return spdlog::level::warn;
    case level::error: return spdlog::level::err;
  }
  return spdlog::level::info;
}

spdlog::level::level_enum level_of(options::level least) {
  switch (least) {
    case options::level::error: return spdlog::level::err;
    case options::level::warning: return spdlog::level::warn;
    case options::level::info: return spdlog::level::info;
    case options::level::debug: return spdlog::level::debug;
    case options::level::trace: return spdlog::level::trace;
  }
  return spdlog::level::info;
}

bool is_fine(options::level least) {
  return least == options::level::debug || least == options::level::trace;
}

std::string pattern_of(const options& options) {
  return options.lines == options::format::text && is_fine(options.least) ? "%H:%M:%S.%e %v" : "%v";
}

/// The message, followed by the fields for scripts.
std::string json_line(level how, const std::string& line, const fields& what, spdlog::formatter& clock) {
  const spdlog::details::log_msg now({}, level_of(how), {});
  spdlog::memory_buf_t time;
  clock.format(now, time);
  boost::json::object all{{"version", 1},
                          {"time", std::string(time.data(), time.size())},
                          {"level", std::string_view(spdlog::level::to_string_view(now.level).data())},
                          {"message", line}};
  if (!what.event.empty()) all["event"] = what.event;
  if (!what.peer.empty()) all["peer"] = what.peer;
  if (!what.node.empty()) all["node"] = what.node;
  return json_text(all);
}

}  // namespace

class stderr_log::stderr_sink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  explicit stderr_sink(os::background_writer& to) : to_(to) {}

  /// How many lines the next one stands for.
  std::uint64_t counts = 1;

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    to_.write(STDERR_FILENO, std::string(line.data(), line.size()), counts);
  }
  void flush_() override {}

 private:
  os::background_writer& to_;
};

stderr_log::stderr_log(const options& options, bool colored)
    : sink_(std::make_shared<stderr_sink>(out_)),
      logger_(std::make_shared<spdlog::logger>("gof", sink_)),
      colored_(options.colors == options::color::always ||
               (options.colors == options::color::automatic && colored)) {
  logger_->set_pattern(pattern_of(options));
  logger_->set_level(level_of(options.least));
  logger_->set_error_handler([](const std::string&) {});
  if (options.lines == options::format::json)
    clock_ = std::make_unique<spdlog::pattern_formatter>("%Y-%m-%dT%H:%M:%S.%e%z",
                                                         spdlog::pattern_time_type::local, "");
}

stderr_log::~stderr_log() {
  if (out_.finish(os::background_writer::patience_at_end) && tell_lost())
    out_.finish(os::background_writer::patience_at_end);
}

std::string stderr_log::dressed(level how, const std::string& line, const fields& what) const {
  if (clock_) return json_line(how, line, what, *clock_);
  std::string_view word;
  std::string_view color;
  if (how == level::warning) {
    word = "warning: ";
    color = "\x1b[33m";
  } else if (how == level::error) {
    word = "error: ";
    color = "\x1b[31m";
  }
  if (word.empty() || !colored_) return std::string(word) + line;
  return std::string(color) + std::string(word) + "\x1b[0m" + line;
}

bool stderr_log::keeps(level how) const {
  return logger_->should_log(level_of(how));
}

void stderr_log::write(level how, const std::string& line, const fields& what) {
  if (!keeps(how)) return;
  tell_lost();
  logger_->log(level_of(how), spdlog::string_view_t(dressed(how, line, what)));
}

void stderr_log::print(std::string text) {
  out_.write(STDERR_FILENO, std::move(text), 0);  // does not count as a line of the log
}

/// Reports lost lines at the place where they are missing, once there is room. True: there were some.
bool stderr_log::tell_lost() {
  const auto how = level::warning;
  const auto lost = logger_->should_log(level_of(how)) ? out_.take_lost() : 0;
  if (lost == 0) return false;
  sink_->counts = lost;  // if this line is lost too, the next one includes its number
  const auto words = count_text(lost, "line") + " of this log could not be written and " +
                     (lost == 1 ? "is" : "are") + " missing here";
  logger_->log(level_of(how), spdlog::string_view_t(dressed(how, words, {})));
  sink_->counts = 1;
  return true;
}

}  // namespace gof::log
