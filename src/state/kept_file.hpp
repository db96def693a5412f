#pragma once

#include "base/problem.hpp"
#include "secure/secret.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace gof::state {

/// The text of a file of secrets; wiped when it goes.
class secret_text {
 public:
  explicit secret_text(std::string text) : text_(std::move(text)) {}
  secret_text(secret_text&& other) noexcept : text_(std::move(other.text_)) {}
  secret_text& operator=(secret_text&& other) noexcept {
    text_.swap(other.text_);
    return *this;
  }
  ~secret_text() { secure::wipe(text_.data(), text_.size()); }

  std::string_view view() const { return text_; }

 private:
  std::string text_;
};

/// A small text file of the state folder, read whole and written whole: whoever reads it meets the old text
/// or the new one, also after a crash and with the disk full. Problems name the file, what is wrong, and the
/// cure.
struct kept_file {
  std::filesystem::path path;
  std::string_view noun;     ///< what messages call it: "key file"
  std::string_view cure;     ///< what to do about a damaged one: "put a copy of it back, or ..."
  std::size_t limit = 1024;  ///< bytes; a larger one is damaged
  bool secret = true;        ///< a problem when others can read it

  /// Empty when there is no such file; every other obstacle is a problem, a dangling symbolic link included.
  result<std::optional<secret_text>> read() const;

  /// Makes it, 0600; false if there was one already, which stays as it is.
  result<bool> create(std::string_view text) const;

  /// Puts `text` in the place of what was there.
  result<void> replace(std::string_view text) const;

  problem wrong(const std::string& why) const;
  /// The same with the cure for what cannot be understood.
  problem damaged(const std::string& why) const;
};

}  // namespace gof::state
