#pragma once

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <memory>

namespace gof::testing {

/// What happened to the handler below: its calls, and what its allocator handed out.
struct handler_record {
  boost::asio::io_context& runs_on;
  boost::asio::cancellation_signal stop{};
  int times = 0;
  boost::system::error_code error{};
  std::size_t allocations = 0;
  std::size_t held = 0;           ///< allocated and not returned
  std::size_t held_at_call = 99;  ///< none, as Asio promises
  bool on_its_executor = false;
};

template <class T>
struct counting_allocator {
  using value_type = T;

  explicit counting_allocator(handler_record& by) : record(&by) {}
  template <class Other>
  counting_allocator(const counting_allocator<Other>& other) : record(other.record) {}

  T* allocate(std::size_t count) {
    ++record->allocations;
    ++record->held;
    return std::allocator<T>().allocate(count);
  }
  void deallocate(T* place, std::size_t count) {
    --record->held;
    std::allocator<T>().deallocate(place, count);
  }
  template <class Other>
  bool operator==(const counting_allocator<Other>& other) const {
    return record == other.record;
  }

  handler_record* record;
};

/// What Asio requires of a completion handler and no more: it can be moved, and is called once, as an rvalue.
/// It has its own allocator, executor and cancellation slot.
class archetype {
 public:
  using allocator_type = counting_allocator<std::byte>;
  using executor_type = boost::asio::io_context::executor_type;
  using cancellation_slot_type = boost::asio::cancellation_slot;

  explicit archetype(handler_record& to) : record_(&to) {}
  archetype(archetype&&) = default;
  archetype(const archetype&) = delete;
  archetype& operator=(archetype&&) = delete;
  archetype& operator=(const archetype&) = delete;
  ~archetype() = default;

  allocator_type get_allocator() const noexcept { return allocator_type(*record_); }
  executor_type get_executor() const noexcept { return record_->runs_on.get_executor(); }
  cancellation_slot_type get_cancellation_slot() const noexcept { return record_->stop.slot(); }

  template <class... Results>
  void operator()(boost::system::error_code error, Results&&...) && {
    ++record_->times;
    record_->error = error;
    record_->held_at_call = record_->held;
    record_->on_its_executor = get_executor().running_in_this_thread();
  }

 private:
  handler_record* record_;
};

}  // namespace gof::testing
