#include "state/kept_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gof::state {
namespace {

constexpr mode_t others = S_IRWXG | S_IRWXO;

class descriptor {
 public:
  explicit descriptor(int number) : number_(number) {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const { return number_; }

 private:
  int number_;
};

std::string octal(mode_t mode) {
  char text[8];
  std::snprintf(text, sizeof text, "%04o", static_cast<unsigned>(mode & 07777));
  return text;
}

std::filesystem::path folder_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : ".";
}

std::string cause(int error) {
  std::string text = std::strerror(error);
  if (error == ENOSPC || error == EDQUOT) text += "; make room on that disk";
  if (error == EACCES || error == EPERM || error == EROFS)
    text += "; make its folder writable for this user, or name a key file elsewhere with --key FILE";
  return text;
}

/// A temporary file beside the intended one; removed unless it was put in place.
class draft {
 public:
  explicit draft(const std::filesystem::path& meant)
      : name_((folder_of(meant) / ("." + meant.filename().string() + ".XXXXXX")).string()),
        file_(::mkostemp(name_.data(), O_CLOEXEC)) {
    if (file_.number() < 0) error_ = errno;
  }
  draft(const draft&) = delete;
  draft& operator=(const draft&) = delete;
  ~draft() {
    if (file_.number() >= 0 && !placed_) ::unlink(name_.c_str());
  }

  int write(std::string_view text) {
    while (error_ == 0 && !text.empty()) {
      const auto wrote = ::write(file_.number(), text.data(), text.size());
      if (wrote >= 0)
        text.remove_prefix(static_cast<std::size_t>(wrote));
      else if (errno != EINTR)
        error_ = errno;
    }
    if (error_ == 0 && ::fsync(file_.number()) != 0) error_ = errno;
    return error_;
  }

  int replace(const std::filesystem::path& meant) {
    if (::rename(name_.c_str(), meant.c_str()) != 0) return errno;
    placed_ = true;
    return 0;
  }

  /// EEXIST if the file exists. Not every file system can rename without replacing (NFS), or link (FAT).
  int place(const std::filesystem::path& meant) {
    if (::renameat2(AT_FDCWD, name_.c_str(), AT_FDCWD, meant.c_str(), RENAME_NOREPLACE) == 0) {
      placed_ = true;
      return 0;
    }
    if (errno != EINVAL && errno != ENOSYS) return errno;
    return ::link(name_.c_str(), meant.c_str()) == 0 ? 0 : errno;
  }

 private:
  std::string name_;
  descriptor file_;
  int error_ = 0;
  bool placed_ = false;
};

/// Makes the new name survive a crash. A failure is not reported, since the file itself is there.
void keep_name(const std::filesystem::path& path) {
  const descriptor folder(::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.number() >= 0) ::fsync(folder.number());
}

/// Reads up to `most` bytes; returns errno on failure.
int read_all(int file, std::size_t most, std::string& text) {
  text.resize(most);
  std::size_t got = 0;
  while (got < most) {
    const auto read = ::read(file, text.data() + got, most - got);
    if (read == 0) break;
    if (read > 0)
      got += static_cast<std::size_t>(read);
    else if (errno != EINTR)
      return errno;
  }
  text.resize(got);
  return 0;
}

}  // namespace

problem kept_file::wrong(const std::string& why) const {
  return {std::string(noun) + " '" + path.string() + "': " + why};
}

problem kept_file::damaged(const std::string& why) const {
  return wrong(why + "; " + std::string(cure));
}

result<std::optional<secret_text>> kept_file::read() const {
  // Non-blocking, since the name may be that of a FIFO.
  const descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (file.number() < 0) {
    const int error = errno;
    struct stat link {};
    // Anything but a link was created just now: a moment earlier it did not exist.
    if (error == ENOENT && ::lstat(path.c_str(), &link) == 0 && S_ISLNK(link.st_mode))
      return wrong("is a symbolic link to nothing; put back what it points to, or remove the link");
    if (error == ENOENT) return std::optional<secret_text>();
    return wrong(std::string("cannot be read: ") + std::strerror(error) +
                 "; make it readable for this user, or name another");
  }
  struct stat found {};
  if (::fstat(file.number(), &found) != 0)
    return wrong(std::string("cannot be read: ") + std::strerror(errno));
  if (S_ISDIR(found.st_mode)) return wrong("is a folder; remove it, or name a file in it");
  if (!S_ISREG(found.st_mode)) return wrong("is not a regular file; remove it, or name another");
  if (secret && (found.st_mode & others) != 0)
    return wrong("others on this machine may read or change it (mode " + octal(found.st_mode) +
                 "); if none has: chmod 600 '" + path.string() + "'");
  if (found.st_size == 0) return damaged("is empty");
  if (found.st_size < 0 || static_cast<std::size_t>(found.st_size) > limit)
    return damaged("is larger than " + std::to_string(limit) + " bytes");
  std::string text;
  const int error = read_all(file.number(), static_cast<std::size_t>(found.st_size), text);
  if (error != 0) return wrong(std::string("cannot be read: ") + std::strerror(error));
  return std::optional<secret_text>(secret_text(std::move(text)));
}

result<bool> kept_file::create(std::string_view text) const {
  draft next(path);
  if (const int error = next.write(text); error != 0) return wrong("cannot be written: " + cause(error));
  const int error = next.place(path);
  if (error == EEXIST) return false;
  if (error != 0) return wrong("cannot be written: " + cause(error));
  keep_name(path);
  return true;
}

result<void> kept_file::replace(std::string_view text) const {
  draft next(path);
  if (const int error = next.write(text); error != 0) return wrong("cannot be written: " + cause(error));
  if (const int error = next.replace(path); error != 0) return wrong("cannot be written: " + cause(error));
  keep_name(path);
  return {};
}

}  // namespace gof::state
