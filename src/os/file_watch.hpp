#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace gof::os {

/// Reports when a file is written or replaced (inotify(7) on its folder). The handler is called on the
/// executor, and never after destruction.
class file_watch {
 public:
  file_watch(const boost::asio::any_io_executor& on, const std::filesystem::path& file,
             std::function<void()> changed);
  ~file_watch() { close(); }
  file_watch(const file_watch&) = delete;
  file_watch& operator=(const file_watch&) = delete;

  /// Why the file cannot be watched; empty: it is.
  const std::string& problem() const { return problem_; }
  void close();

 private:
  void wait();
  bool read_events();

  boost::asio::posix::stream_descriptor events_;
  std::string name_;
  std::function<void()> changed_;
  std::string problem_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace gof::os
