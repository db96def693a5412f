#pragma once

#include <gof/operation.hpp>

#include <boost/asio/cancellation_type.hpp>

#include <utility>

namespace gof::net {

/// Holds one pending operation: completes it at most once, and clears its cancellation slot first.
template <class... Args>
class pending {
 public:
  explicit operator bool() const { return static_cast<bool>(op_); }

  /// `on_cancel` is called when the slot is emitted. It may outlive the owner: capture weakly.
  template <class Function>
  void set(detail::operation_ptr<Args...> op, Function on_cancel) {
    op_ = std::move(op);
    if (!op_.slot().is_connected()) return;
    op_.slot().assign([on_cancel](boost::asio::cancellation_type type) {
      // A copy: completing the operation clears the slot, which destroys this function.
      // NOLINTNEXTLINE(performance-unnecessary-copy-initialization)
      if (const auto cancel = on_cancel; type != boost::asio::cancellation_type::none) cancel();
    });
  }

  void complete(Args... args) {
    if (!op_) return;
    auto op = std::move(op_);
    if (op.slot().is_connected()) op.slot().clear();
    op.complete(std::move(args)...);
  }

 private:
  detail::operation_ptr<Args...> op_;
};

}  // namespace gof::net
