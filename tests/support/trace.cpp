#include "support/trace.hpp"

#include "support/capture_file.hpp"
#include "support/diagram.hpp"
#include "support/event_text.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace gof::test {
namespace {

trace_record of_connection(trace_record::kind what, instant now, const connection& c, int from) {
  trace_record r;
  r.when = now;
  r.what = what;
  r.from = c.ends[from].owner->index();
  r.to = c.ends[1 - from].owner->index();
  r.connection = c.number;
  r.end = from;
  r.offset = c.ends[from].sent;
  r.heard = c.ends[1 - from].sent - c.ends[1 - from].unread;
  return r;
}

}  // namespace

void trace::keep(trace_record r) {
  if (records_.size() == most_records) records_.pop_front();
  records_.push_back(std::move(r));
}

void trace::handle_connected(instant now, const connection& c) {
  keep(of_connection(trace_record::kind::connected, now, c, 0));
}

void trace::handle_sent(instant now, const connection& c, int from, std::uint64_t offset, const_bytes data) {
  auto r = of_connection(trace_record::kind::sent, now, c, from);
  r.offset = offset;
  r.size = data.size();
  const auto head = data.first(std::min(data.size(), trace_record::kept_bytes));
  r.head.assign(head.begin(), head.end());
  r.text = frames_.read(c.number, from, data);
  keep(std::move(r));
}

void trace::handle_ended(instant now, const connection& c, int from, const std::string& words) {
  auto r = of_connection(trace_record::kind::ended, now, c, from);
  r.text = words;
  keep(std::move(r));
}

void trace::handle_event(instant now, const host& at, const core::event& e) {
  trace_record r;
  r.when = now;
  r.what = trace_record::kind::event;
  r.from = at.index();
  r.text = text_of(e);
  keep(std::move(r));
}

void trace::handle_note(instant now, const std::string& text) {
  trace_record r;
  r.when = now;
  r.what = trace_record::kind::note;
  r.text = text;
  keep(std::move(r));
}

std::vector<std::string> trace::names() const {
  std::vector<std::string> all;
  for (const auto& h : world_.hosts()) all.push_back(h->name());
  return all;
}

std::string trace::write(const std::string& name) const {
  const auto capture = std::filesystem::absolute(name + ".pcap");
  const auto picture = std::filesystem::absolute(name + ".txt");
  std::ofstream to(capture, std::ios::binary | std::ios::trunc);
  for (const auto& part : capture_file(*this))
    to.write(reinterpret_cast<const char*>(part.data()), static_cast<std::streamsize>(part.size()));
  std::ofstream(picture, std::ios::trunc) << diagram(*this);
  return "capture: " + capture.string() + "\nsequence diagram: " + picture.string();
}

}  // namespace gof::test
