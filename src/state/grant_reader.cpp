#include "base/base32.hpp"
#include "base/utf8.hpp"
#include "state/grant_book.hpp"
#include "wire/ticket.hpp"

#include <algorithm>

namespace gof::state {
namespace {

constexpr std::size_t id_digits = (grant_id::size * 8 + 4) / 5;
constexpr std::size_t token_digits = (32 * 8 + 4) / 5;

/// Returns the word up to the next space, and removes both.
std::string_view take_word(std::string_view& line) {
  const auto word = line.substr(0, line.find(' '));
  line.remove_prefix(std::min(line.size(), word.size() + 1));
  return word;
}

std::optional<grant_id> id_from(std::string_view word) {
  if (word.size() != id_digits) return std::nullopt;
  const auto data = from_base32(word);
  if (!data) return std::nullopt;
  return grant_id(*data);
}

std::optional<secure::secret32> token_from(std::string_view word) {
  if (word.size() != token_digits) return std::nullopt;
  auto data = from_base32(word);
  if (!data) return std::nullopt;
  const secure::secret32 token{const_bytes(*data)};
  secure::wipe(data->data(), data->size());
  return token;
}

bool valid_target(std::string_view target) {
  return !target.empty() && target.size() <= grant_book::longest_target &&
         std::none_of(target.begin(), target.end(), utf8::is_control);
}

bool valid_ticket(std::string_view word) {
  return word.size() <= wire::ticket::longest_text && word.starts_with(wire::ticket::prefix) &&
         std::all_of(word.begin(), word.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
}

}  // namespace

/// Takes the lines of a grants file one by one. Returns what is wrong with each; null: nothing.
class grant_reader {
 public:
  const char* handle_line(std::string_view line) {
    const auto verb = take_word(line);
    if (ended_) return "something stands behind 'end'";
    if (!begun_) {
      begun_ = verb == "gof-grants-1" && line.empty();
      return begun_ ? nullptr : "a grants file starts with 'gof-grants-1'";
    }
    if (verb == "grant") return handle_grant(line);
    if (verb == "service") return handle_service(line);
    if (verb == "ticket") return handle_ticket(line);
    if (verb == "withdrawn") return handle_withdrawn(line);
    if (verb == "end") return handle_end(line);
    return "no line starts so; 'grant', 'service', 'ticket', 'withdrawn' and 'end' do";
  }

  bool ended() const { return ended_; }
  grant_book take() { return std::move(book_); }

 private:
  const char* handle_grant(std::string_view line) {
    if (const char* wrong = finish_grant()) return wrong;
    if (!book_.withdrawn_.empty()) return "'grant' stands before every 'withdrawn'";
    if (book_.grants_.size() >= grant_book::most_grants) return "too many grants (256 at most)";
    const auto id = id_from(take_word(line));
    const auto token = token_from(line);
    if (!id || !token) return "'grant' wants an id of 26 letters and digits and a token of 52";
    if (book_.find(*id) != nullptr) return "this grant stands here twice";
    book_.grants_.push_back({.id = *id, .token = *token, .services = {}, .last_ticket = {}});
    open_ = true;
    return nullptr;
  }

  const char* handle_service(std::string_view line) {
    const auto name = take_word(line);
    if (!open_ || !book_.grants_.back().last_ticket.empty()) return "'service' stands behind its 'grant'";
    if (!wire::valid_service_name(name) || !valid_target(line)) return "'service' wants a name and a target";
    auto& services = book_.grants_.back().services;
    if (services.size() >= grant_book::most_services) return "too many services (64 at most)";
    if (!services.empty() && services.back().name >= name) return "services stand by name, each once";
    services.push_back({std::string(name), std::string(line)});
    return nullptr;
  }

  const char* handle_ticket(std::string_view line) {
    if (!open_ || !book_.grants_.back().last_ticket.empty())
      return "'ticket' stands once behind its services";
    if (!valid_ticket(line)) return "'ticket' wants a ticket";
    book_.grants_.back().last_ticket = line;
    return nullptr;
  }

  const char* handle_withdrawn(std::string_view line) {
    if (const char* wrong = finish_grant()) return wrong;
    const auto id = id_from(line);
    if (!id) return "'withdrawn' wants an id of 26 letters and digits";
    if (book_.find(*id) != nullptr || book_.is_withdrawn(*id)) return "this id stands here twice";
    if (book_.withdrawn_.size() >= grant_book::most_withdrawn) return "too many withdrawn (1024 at most)";
    book_.withdrawn_.push_back(*id);
    return nullptr;
  }

  const char* handle_end(std::string_view line) {
    if (const char* wrong = finish_grant()) return wrong;
    if (!line.empty()) return "'end' stands alone";
    ended_ = true;
    return nullptr;
  }

  const char* finish_grant() {
    if (!std::exchange(open_, false)) return nullptr;
    const auto& last = book_.grants_.back();
    if (last.services.empty()) return "the grant before has no service";
    if (book_.find(last.services)->id != last.id) return "the grant before has the services of another";
    return nullptr;
  }

  grant_book book_;
  bool begun_ = false;
  bool open_ = false;  ///< the last grant may have more lines
  bool ended_ = false;
};

result<grant_book> grant_book::parse(std::string_view text) {
  grant_reader reader;
  std::size_t number = 0;
  while (!text.empty()) {
    ++number;
    const auto end = text.find('\n');
    const auto at = "line " + std::to_string(number) + ": ";
    if (end == text.npos) return problem{at + "the file is cut here"};
    if (const char* wrong = reader.handle_line(text.substr(0, end))) return problem{at + wrong};
    text.remove_prefix(end + 1);
  }
  if (!reader.ended())
    return problem{"line " + std::to_string(number + 1) + ": 'end' is missing: the file is cut"};
  return reader.take();
}

}  // namespace gof::state
