#pragma once

#include <boost/system/result.hpp>

#include <string>
#include <utility>

namespace gof {

/// What is wrong with something a person wrote or keeps: told as it stands.
struct problem {
  std::string what;
};

template <class T>
using result = boost::system::result<T, problem>;

}  // namespace gof
