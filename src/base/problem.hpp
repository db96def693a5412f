#pragma once

#include <boost/system/result.hpp>

#include <string>
#include <utility>

namespace gof {

/// What is wrong with something that the user wrote or keeps, as a message for the user.
struct problem {
  std::string what;
};

template <class T>
using result = boost::system::result<T, problem>;

}  // namespace gof
