#include "cli/commands/query.hpp"
#include "cli/commands/run.hpp"
#include "cli/output/answer_text.hpp"
#include "cli/output/print.hpp"
#include "daemon/exit_code.hpp"
#include "log/json_text.hpp"
#include "log/text.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace gof::cli {
namespace {

using enum daemon::exit_code;
namespace json = boost::json;

constexpr std::chrono::seconds between_pings{1};

std::string silence_text(const json::object& answer, std::chrono::milliseconds patience) {
  return short_name(answer) + ": no answer in " + log::time_text(patience) + " (" +
         text_of(answer.at("why")) + ')';
}

int silence_code(const json::object& answer) {
  return answer.at("path").is_null() ? no_service : no_answer;
}

std::string ping_line(const json::object& answer, std::chrono::milliseconds patience) {
  if (!answer.at("answers").as_bool()) return silence_text(answer, patience);
  return short_name(answer) + ": " + time_text(answer.at("round_trip_ms"), "?") + " (" +
         text_of(answer.at("path")) + ')';
}

/// What all pings came to.
class ping_summary {
 public:
  void handle_answer(const json::object& answer) {
    ++sent_;
    if (!answer.at("answers").as_bool()) return;
    const auto time =
        std::chrono::duration<double, std::milli>(json::value_to<double>(answer.at("round_trip_ms")));
    shortest_ = answered_ == 0 ? time : std::min(shortest_, time);
    longest_ = std::max(longest_, time);
    total_ += time;
    ++answered_;
  }
  /// Empty: a single ping needs no summary.
  std::string text() const {
    if (sent_ < 2) return {};
    auto text = std::to_string(sent_) + " sent, " + std::to_string(answered_) + " answered";
    if (answered_ > 0)
      text += "; round trip min " + words(shortest_) + ", mean " + words(total_ / answered_) + ", max " +
              words(longest_);
    return text + '\n';
  }

 private:
  using milliseconds = std::chrono::duration<double, std::milli>;
  static std::string words(milliseconds time) {
    return log::time_text(std::chrono::duration_cast<std::chrono::nanoseconds>(time));
  }

  unsigned sent_ = 0;
  unsigned answered_ = 0;
  milliseconds shortest_{}, longest_{}, total_{};
};

std::string trace_text(const json::object& answer) {
  std::string text;
  std::size_t number = 0;
  for (const auto& hop : answer.at("hops").as_array()) {
    const auto& o = hop.as_object();
    const auto name = text_of(o.at("name"));
    const auto id = text_of(o.at("peer")).substr(0, 8);
    text += std::to_string(++number) + "  " +
            (!name.empty() ? name
             : id.empty()  ? "?"
                           : id) +
            "  " + time_text(o.at("round_trip_ms"), "?") + '\n';
  }
  return text + "in all " + time_text(answer.at("round_trip_ms"), "?") + '\n';
}

}  // namespace

int run(const ping_command& what, const os::environment& variables) {
  const auto line = ask_about(what.peer, what.query, what.patience, variables);
  if (!line) return tell_failure(line.error());
  int code = no_answer;
  ping_summary all;
  const auto sum_up = [&](int with) {
    return what.query.json || print(all.text()) == done ? with : static_cast<int>(failed);
  };
  for (unsigned i = 0; !what.count || i < *what.count; ++i) {
    if (i > 0) (*line)->pause(between_pings);
    const auto answer = (*line)->ask("ping");
    if (!answer) return sum_up(tell_failure(answer.error()));
    all.handle_answer(*answer);
    const bool there = answer->at("answers").as_bool();
    const bool direct = there && text_of(answer->at("path")) == log::path_text({});
    if (there && (direct || !what.until_direct))
      code = done;
    else if (code != done)
      code = there ? static_cast<int>(no_answer) : silence_code(*answer);
    const auto told = what.query.json ? log::json_text(*answer) : ping_line(*answer, what.patience);
    if (print(told + '\n') != done) return failed;
    if (direct && what.until_direct) return sum_up(done);
  }
  return sum_up(code);
}

int run(const trace_command& what, const os::environment& variables) {
  const auto line = ask_about(what.peer, what.query, what.patience, variables);
  if (!line) return tell_failure(line.error());
  const auto answer = (*line)->ask("trace");
  if (!answer) return tell_failure(answer.error());
  const bool there = answer->at("answers").as_bool();
  const int code = there ? static_cast<int>(done) : silence_code(*answer);
  if (!there && !what.query.json) return tell_failure(code, silence_text(*answer, what.patience));
  const auto text = what.query.json ? log::json_text(*answer) + '\n' : trace_text(*answer);
  return print(text) == done ? code : failed;
}

}  // namespace gof::cli
