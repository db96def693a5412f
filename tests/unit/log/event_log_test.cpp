#include "log/event_log.hpp"

#include "log/fields.hpp"

#include <gmock/gmock.h>

namespace gof::log {
namespace {

using kind = node_event::kind;
using testing::HasSubstr;

struct kept_line {
  level how;
  std::string text;
  fields what;
};

class kept_lines final : public logger {
 public:
  using logger::write;
  void write(level how, const std::string& line, const fields& what) override {
    lines.push_back({how, line, what});
  }
  std::vector<kept_line> lines;
};

node_event event_of(kind what) {
  node_event event;
  event.what = what;
  event.peer = peer(std::array<std::uint8_t, 32>{7});
  event.node = "0123456789abcdef";
  event.detail = "192.0.2.1:9999";
  return event;
}

TEST(EventLog, names_each_event_and_whom_it_concerns) {
  const std::pair<kind, std::string_view> names[] = {
      {kind::link_up, "link_up"},           {kind::link_down, "link_down"},
      {kind::unreachable, "unreachable"},   {kind::session_up, "session_up"},
      {kind::path_lost, "path_lost"},       {kind::path_resumed, "path_resumed"},
      {kind::session_over, "session_over"}, {kind::stranger, "stranger"},
      {kind::path_changed, "path_changed"}};
  for (const auto& [what, name] : names) {
    kept_lines kept;
    event_log log(kept, false);
    log.write(event_of(what));
    ASSERT_EQ(kept.lines.size(), 1u) << name;
    EXPECT_EQ(kept.lines[0].what.event, name);
    EXPECT_EQ(kept.lines[0].what.peer, event_of(what).peer.text());
    EXPECT_EQ(kept.lines[0].what.node, "0123456789abcdef");
  }
}

TEST(EventLog, names_no_peer_where_nobody_is_known) {
  auto event = event_of(kind::stranger);
  event.peer = {};
  event.node.clear();
  const auto what = fields_of(event);
  EXPECT_EQ(what.peer, "");
  EXPECT_EQ(what.node, "");
}

TEST(EventLog, tells_who_joins_of_the_links_it_makes) {
  auto event = event_of(kind::link_up);
  event.dialled = true;
  kept_lines joined, alone;
  event_log of_who_joins(joined, true), of_who_does_not(alone, false);
  for (auto* log : {&of_who_joins, &of_who_does_not}) {
    event.what = kind::link_up;
    log->write(event);
    event.what = kind::link_down;
    log->write(event);
  }
  EXPECT_EQ(joined.lines[0].how, level::info);
  EXPECT_EQ(joined.lines[1].how, level::warning);
  EXPECT_EQ(alone.lines[0].how, level::debug);
  EXPECT_EQ(alone.lines[1].how, level::debug);
}

TEST(EventLog, tells_that_no_member_answers_once_until_a_link_stands) {
  kept_lines kept;
  event_log log(kept, true);
  auto event = event_of(kind::unreachable);
  event.peer = {};
  event.error = errc::no_path;
  for (int i = 0; i < 3; ++i) log.write(event);
  ASSERT_EQ(kept.lines.size(), 1u);
  EXPECT_EQ(kept.lines[0].how, level::warning);
  EXPECT_THAT(kept.lines[0].text, HasSubstr("no member of this mesh answers: 192.0.2.1:9999"));
  log.write(event_of(kind::link_up));
  log.write(event);
  EXPECT_EQ(kept.lines.size(), 3u);
}

TEST(EventLog, does_not_say_that_nobody_answers_while_a_link_that_it_made_stands) {
  kept_lines kept;
  event_log log(kept, true);
  auto link = event_of(kind::link_up);
  link.dialled = true;
  log.write(link);
  auto event = event_of(kind::unreachable);
  event.peer = {};
  event.error = errc::no_path;
  log.write(event);
  EXPECT_THAT(kept.lines.back().text, HasSubstr("a member of this mesh does not answer: 192.0.2.1:9999"));
  link.what = kind::link_down;
  log.write(link);
  log.write(event);
  EXPECT_THAT(kept.lines.back().text, HasSubstr("no member of this mesh answers: 192.0.2.1:9999"));
}

TEST(EventLog, knows_why_nobody_was_reached_until_a_link_is_made) {
  kept_lines kept;
  event_log log(kept, true);
  EXPECT_EQ(log.trouble(), "");
  auto event = event_of(kind::unreachable);
  event.peer = {};
  event.error = errc::no_path;
  log.write(event);
  EXPECT_THAT(log.trouble(), testing::StartsWith("192.0.2.1:9999"));
  event.error = errc::not_allowed;
  log.write(event);
  EXPECT_THAT(log.trouble(), testing::StartsWith("not allowed: 192.0.2.1:9999"));
  log.write(event_of(kind::link_up));
  EXPECT_EQ(log.trouble(), "");
}

}  // namespace
}  // namespace gof::log
