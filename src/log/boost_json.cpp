// Boost.JSON as it is in the headers, so that no library besides is needed: once.
#include <boost/json/src.hpp>
