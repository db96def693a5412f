#pragma once

#include "base/base32.hpp"
#include "properties.hpp"
#include "wire/ticket_form.hpp"

#include <string>

namespace gof::wire {

// Checks for tickets of every kind.

constexpr std::string_view base32_letters = "abcdefghijklmnopqrstuvwxyz234567";

/// CRC-32C bit by bit, to check the fast one.
inline std::uint32_t slow_crc_32c(const_bytes data) {
  std::uint32_t crc = 0xffffffff;
  for (const auto byte : data) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return ~crc;
}

/// A ticket with any content and a correct checksum.
inline std::string sealed_text(bytes body) {
  writer(body).u32(slow_crc_32c(body));
  return std::string(ticket_form::prefix) + to_base32(body);
}

/// The part of a ticket that its checksum covers.
inline bytes checked_part(std::string_view text) {
  auto data = *from_base32(text.substr(ticket_form::prefix.size()));
  data.resize(data.size() - 4);
  return data;
}

template <class Ticket>
void expect_single_changes_noticed(const std::string& text) {
  const std::string letters = std::string(base32_letters) + "0189 -=\n";
  for (std::size_t place = 0; place < text.size(); ++place) {
    for (const char c : letters) {
      if (c == text[place]) continue;
      auto changed = text;
      changed[place] = c;
      EXPECT_FALSE(Ticket::parse(changed)) << place << ' ' << c;
    }
  }
}

template <class Ticket>
void expect_swaps_noticed(const std::string& text) {
  for (std::size_t place = 0; place + 1 < text.size(); ++place) {
    auto changed = text;
    std::swap(changed[place], changed[place + 1]);
    if (changed != text) {
      EXPECT_FALSE(Ticket::parse(changed)) << place;
    }
  }
}

template <class Ticket>
void expect_cuts_and_more_refused(const std::string& text) {
  for (std::size_t size = 0; size < text.size(); ++size)
    EXPECT_FALSE(Ticket::parse(text.substr(0, size))) << size;
  for (std::size_t more = 1; more < 20; ++more)
    EXPECT_FALSE(Ticket::parse(text + std::string(more, 'a'))) << more;
}

/// The text as it comes from mail, chat, editors and shells of Windows.
template <class Ticket>
void expect_read_as_pasted(const std::string& text) {
  std::string upper = text, utf16 = "\xff\xfe", wrapped, spaced;
  for (char& c : upper)
    if (c >= 'a') c = static_cast<char>(c - 'a' + 'A');
  for (const char c : text + "\r\n") utf16 += {c, '\0'};
  for (std::size_t i = 0; i < text.size(); i += 76) wrapped += "  " + text.substr(i, 76) + "\r\n";
  for (std::size_t i = 0; i < text.size(); i += 4) spaced += text.substr(i, 4) + ' ';
  for (const auto& pasted : {upper, utf16, wrapped, spaced, text + "\n", " \t" + text, '"' + text + '"',
                             '\'' + text + '\'', '`' + text + '`', "\xef\xbb\xbf" + text + "\r\n",
                             "\xe2\x80\x9c" + text + "\xe2\x80\x9d", "\xc2\xa0" + text + "\xe2\x80\x8b"}) {
    const auto back = Ticket::parse(pasted);
    ASSERT_TRUE(back) << testing::PrintToString(pasted);
    EXPECT_EQ(back->text(), text);
  }
  for (const auto& wrong :
       {text + ".", '<' + text + '>', "> " + text, text.substr(0, 20) + "-\n" + text.substr(20)})
    EXPECT_FALSE(Ticket::parse(wrong)) << wrong;
}

template <class Ticket>
void expect_checked_cuts_and_more_refused(const std::string& text) {
  const auto body = checked_part(text);
  for (std::size_t size = 0; size < body.size(); ++size)
    EXPECT_FALSE(Ticket::parse(sealed_text(exactly(const_bytes(body).first(size))))) << size;
  auto longer = body;
  longer.push_back(0);
  EXPECT_FALSE(Ticket::parse(sealed_text(longer)));
}

template <class Ticket>
void expect_noise_is_itself_or_nothing(const std::string& text) {
  generator g;
  const auto body = checked_part(text);
  for (int i = 0; i < rounds; ++i) {
    const auto noise = sealed_text(g.damaged(body));
    if (const auto t = Ticket::parse(noise)) {
      EXPECT_EQ(t->text(), noise);
    }
  }
}

}  // namespace gof::wire
