#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace ks::cli {

// Why something could not be done. Libraries return it; only main prints it, as one line:
// "what: where; action". `where` and `action` may be empty.
struct Error {
  std::string what;    // what went wrong, in the words of the field
  std::string where;   // address, file:line, topic or option it concerns
  std::string action;  // what the user can do about it
  // The name that the other side has for it, such as TOPIC_AUTHORIZATION_FAILED; empty: it has
  // none.
  std::string code{};

  // The one line for people, without secrets. Line breaks in the parts become spaces.
  std::string message() const;
};

template <typename T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(std::string what, std::string where = {},
                                  std::string action = {}) {
  return tl::make_unexpected(Error{std::move(what), std::move(where), std::move(action)});
}

// The same for what the other side refused, by a name of its own.
inline tl::unexpected<Error> fail_as(std::string code, std::string what, std::string where = {},
                                     std::string action = {}) {
  return tl::make_unexpected(
      Error{std::move(what), std::move(where), std::move(action), std::move(code)});
}

}  // namespace ks::cli
