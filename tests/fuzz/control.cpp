// The control socket: what programs ask a node, and its answers.
#include "check.hpp"
#include "control/line.hpp"

#include <boost/json.hpp>

using namespace gof;
namespace json = boost::json;

namespace {

/// Compares only the members' names: Boost.JSON cannot read back each number that it writes.
template <class Read>
void check_text(const json::object& read, Read&& again) {
  const auto text = json::serialize(read);
  fuzz::check(text.find('\n') == text.npos);
  const auto back = again(text);
  if (!back) return;
  fuzz::check(back->size() == read.size());
  for (const auto& one : read) fuzz::check(back->contains(one.key()));
}

void check_request(std::string_view line) {
  const auto read = control::read_request(line);
  if (!read) return fuzz::check(!read.error().what.empty());
  fuzz::check(read->whole.at("request").as_string() == read->what);
  check_text(read->whole, [](std::string_view text) -> result<json::object> {
    const auto back = control::read_request(text);
    if (!back) return back.error();
    return back->whole;
  });
}

void check_answer(std::string_view line) {
  const auto read = control::read_answer(line);
  if (read) check_text(*read, control::read_answer);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = as_text(const_bytes(data, size));
  check_request(text);
  check_answer(text);
  return 0;
}
