#pragma once

#include "mux/stream.hpp"

#include <boost/intrusive/list.hpp>

#include <optional>

namespace gof::core {

/// Streams whose ACCEPT waits for data to go with, the longest first; each waits equally long. It does not
/// own them; one that is answered or destroyed leaves by itself.
class answer_queue {
 public:
  void add(mux_stream& s) { waiting_.push_back(s); }
  std::optional<instant> poll_timeout() const {
    return waiting_.empty() ? std::nullopt : waiting_.front().answer_until;
  }
  /// A stream that has waited long enough: its answer is due now. Null: there is none.
  mux_stream* poll_due(instant now) {
    if (waiting_.empty() || *waiting_.front().answer_until > now) return nullptr;
    auto& s = waiting_.front();
    waiting_.pop_front();
    s.answer_until.reset();
    return &s;
  }

 private:
  boost::intrusive::list<mux_stream,
                         boost::intrusive::member_hook<mux_stream, line_place, &mux_stream::answer_place>,
                         boost::intrusive::constant_time_size<false>>
      waiting_;
};

}  // namespace gof::core
