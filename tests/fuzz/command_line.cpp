// Command lines, variables and a configuration file: a line of input is one word, variable or line of the
// file. 0x01 stands for a ticket, 0x02 for a join ticket; no error message may repeat these.
#include "cli/arguments/command_line.hpp"

#include "check.hpp"
#include "wire/join_ticket.hpp"
#include "wire/ticket.hpp"

using namespace gof;

namespace {

const std::string& ticket_text() {
  static const std::string text = [] {
    wire::ticket t;
    t.issuer.value.fill(1);
    t.token.fill(2);
    t.link_key.fill(3);
    t.services = {{"ssh", 22}, {"web", 80}};
    t.addresses = {{"192.0.2.1", 9999}};
    return t.text();
  }();
  return text;
}

const std::string& join_text() {
  static const std::string text = [] {
    wire::join_ticket t;
    t.issuer.value.fill(4);
    t.network_key.fill(5);
    t.addresses = {{"192.0.2.1", 9999}};
    return t.text();
  }();
  return text;
}

std::string filled(std::string_view line) {
  std::string out;
  for (const char c : line) {
    if (c == '\x01')
      out += ticket_text();
    else if (c == '\x02')
      out += join_text();
    else
      out += c;
  }
  return out;
}

/// Whether `text` has a usable part of a ticket. The beginnings of all tickets are alike.
bool repeats_secret(const std::string& text) {
  constexpr std::size_t piece = 20, beginning = 20;
  for (const auto* secret : {&ticket_text(), &join_text()})
    for (auto at = beginning; at + piece <= secret->size(); at += piece)
      if (text.find(secret->substr(at, piece)) != std::string::npos) return true;
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto text = as_text(const_bytes(data, size));
  if (text.find('\0') != text.npos) return 0;       // no word can have one
  if (repeats_secret(std::string(text))) return 0;  // a fuzzer learns the secrets from comparisons
  std::vector<std::string> words;
  os::environment variables;
  std::string file;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = filled(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (const auto is = line.find('='); line.starts_with("GOF_") && is != std::string::npos)
      variables[line.substr(0, is)] = line.substr(is + 1);
    else if (line.starts_with('>'))
      file += line.substr(1) + '\n';
    else
      words.push_back(line);
  }
  const auto load =
      [&](const std::filesystem::path&) -> daemon::outcome<std::optional<config::configuration>> {
    if (file.empty()) return std::optional<config::configuration>();
    auto read = config::parse_configuration(file, "gof.conf");
    if (!read) return daemon::failure{daemon::bad_file, read.error().what};
    return std::optional<config::configuration>(std::move(*read));
  };
  const auto parsed = cli::parse_command_line(words, variables, {"gof.conf", load});
  if (parsed) return 0;
  const auto& wrong = parsed.error();
  fuzz::check(wrong.code == daemon::bad_command_line || wrong.code == daemon::bad_file);
  fuzz::check(!wrong.what.empty() && !repeats_secret(wrong.what));
  return 0;
}
