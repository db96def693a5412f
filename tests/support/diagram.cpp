#include "support/diagram.hpp"

#include "support/trace.hpp"

#include <cstdio>

namespace gof::test {
namespace {

constexpr std::size_t column = 16;

/// The hosts' lifelines, with an arrow from one to another.
std::string lanes(std::size_t hosts, const trace_record& r) {
  std::string line(hosts * column, ' ');
  for (std::size_t h = 0; h < hosts; ++h) line[h * column] = '|';
  if (r.what == trace_record::kind::event) line[r.from * column] = '*';
  if (r.what == trace_record::kind::event || r.what == trace_record::kind::note) return line;
  const auto left = std::min(r.from, r.to) * column;
  const auto right = std::max(r.from, r.to) * column;
  for (auto i = left + 1; i < right; ++i) line[i] = r.what == trace_record::kind::ended ? 'x' : '-';
  if (r.to > r.from)
    line[right - 1] = '>';
  else
    line[left + 1] = '<';
  return line;
}

std::string words(const trace_record& r) {
  const auto number = "#" + std::to_string(r.connection) + " ";
  switch (r.what) {
    case trace_record::kind::connected: return number + "connected";
    case trace_record::kind::sent:
      return number + std::to_string(r.size) + " bytes at " + std::to_string(r.offset) + ": " + r.text;
    case trace_record::kind::ended: return number + "ended: " + r.text;
    case trace_record::kind::event: return r.text;
    case trace_record::kind::note: return "== " + r.text;
  }
  return {};
}

}  // namespace

std::string diagram(const trace& of) {
  const auto names = of.names();
  std::string text(14, ' ');
  for (const auto& name : names) {
    auto head = name.substr(0, column - 1);
    head.resize(column, ' ');
    text += head;
  }
  text += '\n';
  for (const auto& r : of.records()) {
    char when[24];
    std::snprintf(when, sizeof when, "%13.6f ", std::chrono::duration<double>(r.when - of.start()).count());
    text += when + lanes(names.size(), r) + words(r) + '\n';
  }
  return text;
}

}  // namespace gof::test
