#pragma once

#include "base/problem.hpp"
#include "net/ticket_words.hpp"

#include <cstdlib>
#include <iostream>

namespace gof::test {

/// Reports the problem and ends the program, which was started with wrong arguments.
[[noreturn]] inline void give_up(const problem& why) {
  std::cerr << why.what << '\n';
  std::exit(2);
}

template <class Value>
Value must(const result<Value>& value) {
  if (!value) give_up(value.error());
  return *value;
}

template <class Value>
Value must(const wire::ticket_result<Value>& value) {
  if (!value) give_up(net::words_of(value.error()));
  return *value;
}

}  // namespace gof::test
