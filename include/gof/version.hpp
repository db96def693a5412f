#pragma once

/// @file
/// The version of the headers, for the preprocessor. The build reads it from here, so that the program's
/// `--version`, the CMake package and the Debian packages agree.
///
/// @par Example
/// @code
/// static_assert(GOF_VERSION >= 100, "gof 0.1 or later");
/// constexpr int minor_version = GOF_VERSION / 100 % 1000;
/// @endcode

/// 100,000 * major + 100 * minor + patch, as in Boost. Before 1.0 a minor version may change anything.
#define GOF_VERSION 100

/// The same as text: "MAJOR.MINOR.PATCH".
#define GOF_VERSION_STRING "0.1.0"
