#include "config/configuration.hpp"

#include "check.hpp"

using namespace gof;

namespace {

/// The file, written again from what was read.
std::string written(const config::configuration& c) {
  std::string text = "[node]\n";
  for (const auto& one : c.node) text += one.key + " = " + one.value + '\n';
  for (const auto& one : c.aliases) text += "[alias " + one.name + "]\npeer = " + one.peer.text + '\n';
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read = config::parse_configuration(as_text(const_bytes(data, size)), "f");
  if (!read) {
    fuzz::check(read.error().what.starts_with("f:"));
    return 0;
  }
  std::size_t listeners = 0, services = 0;
  for (const auto& one : read->forwards) {
    fuzz::check(!one.specs.empty() && !one.peer.text.empty());
    listeners += one.specs.size();
  }
  for (const auto& one : read->serves) services += one.services.size();
  fuzz::check(listeners <= forward::spec::most && services <= forward::service::most);
  const auto again = config::parse_configuration(written(*read), "f");
  fuzz::check(again && again->node.size() == read->node.size() &&
              again->aliases.size() == read->aliases.size());
  for (std::size_t i = 0; i < read->node.size(); ++i)
    fuzz::check(again->node[i].value == read->node[i].value);
  return 0;
}
