#pragma once

#include "base/problem.hpp"
#include "secure/secret.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace gof::state {

/// The text of a secret file; wiped on destruction.
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

/// A small text file of the state folder, which is read and written as a whole: a reader sees the old text or
/// the new one, even after a crash or with a full disk. Problems name the file, what is wrong, and the cure.
struct kept_file {
  std::filesystem::path path;
  std::string_view noun;     ///< its name in messages: "key file"
  std::string_view cure;     ///< what to do if it is damaged: "put a copy of it back, or ..."
  std::size_t limit = 1024;  ///< bytes; a larger file is damaged
  bool secret = true;        ///< it is a problem if other users can read it

  /// Empty if there is no such file; any other obstacle is a problem, such as a dangling symbolic link.
  result<std::optional<secret_text>> read() const;

  /// Creates the file, 0600. False: there was one already, which stays unchanged.
  result<bool> create(std::string_view text) const;

  /// Replaces the content, whatever it was.
  result<void> replace(std::string_view text) const;

  problem wrong(const std::string& why) const;
  /// The same with the cure, for content that cannot be understood.
  problem damaged(const std::string& why) const;
};

}  // namespace gof::state
