// What people write for services and listeners: targets, ranges of them, services, SPECs.
#include "base/utf8.hpp"
#include "check.hpp"
#include "forward/spec.hpp"
#include "forward/target.hpp"

#include <algorithm>

using namespace gof;

namespace {

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> all;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    all.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  return all;
}

bool one_line(std::string_view text) {
  return std::none_of(text.begin(), text.end(), utf8::is_control);
}

/// An error message is one line, and repeats no long word.
void check_problem(const problem& wrong) {
  fuzz::check(!wrong.what.empty() && wrong.what.size() < 2000);
}

void check_target(std::string_view text) {
  const auto read = forward::target::parse(text);
  if (!read) return check_problem(read.error());
  const auto again = forward::target::parse(read->text());
  fuzz::check(again && *again == *read && one_line(read->text()));
  const auto range = forward::target::parse_range(text);
  fuzz::check(range && range->size() == 1 && range->front() == *read);
}

void check_range(std::string_view text) {
  const auto read = forward::target::parse_range(text);
  if (!read) return check_problem(read.error());
  fuzz::check(!read->empty() && read->size() <= forward::target::most_of_range);
  for (const auto& one : *read) {
    const auto again = forward::target::parse(one.text());
    fuzz::check(again && *again == one);
  }
}

void check_services(std::string_view text) {
  const auto read = forward::service::parse(lines_of(text));
  if (!read) return check_problem(read.error());
  fuzz::check(read->size() <= forward::service::most);
  std::vector<std::string> written;
  for (const auto& one : *read) {
    fuzz::check(forward::valid_name(one.name));
    written.push_back(one.text());
  }
  const auto again = forward::service::parse(written);
  fuzz::check(again && *again == *read);
}

void check_specs(std::string_view text) {
  const auto words = lines_of(text);
  const auto read = forward::spec::parse(words);
  if (!read) return check_problem(read.error());
  fuzz::check(read->size() >= words.size() && read->size() <= forward::spec::most);
  const std::vector<forward::offered_service> offered{{"ssh", 22}, {"web", 0}};
  const auto resolved = forward::resolve(*read, offered);
  if (!resolved) return check_problem(resolved.error());
  fuzz::check(resolved->size() == read->size());
  for (const auto& one : *resolved) fuzz::check(!one.service.empty() && one_line(one.local.text()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto [which, input] = fuzz::split({data, size});
  const auto text = as_text(input);
  switch (which % 4) {
    case 0: check_target(text); break;
    case 1: check_range(text); break;
    case 2: check_services(text); break;
    default: check_specs(text);
  }
  return 0;
}
