// Compiles Boost.JSON's header-only implementation once, so that no further library is needed.
#include <boost/json/src.hpp>
