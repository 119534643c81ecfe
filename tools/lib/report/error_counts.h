#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "lib/report/expectation.h"

namespace ks::report {

// The sum of all errors that refuse somebody for lack of permission.
inline constexpr const char* kAuthorizationErrors = "authorization_errors";

// TOPIC_, GROUP_, CLUSTER_AUTHORIZATION_FAILED and their like.
bool is_of_authorization(std::string_view error_name);

// Counts an error in `metrics`: errors_NAME, and authorization_errors if it is of that kind.
void count_error(const std::string& name, Metrics& metrics, std::uint64_t times = 1);

// Whether an expectation names a metric.
using Judges = std::function<bool(const std::string& metric)>;

// Whether an expectation says how many errors of this name there may be.
bool judges_error(const std::string& name, const Judges& judges);

// What went wrong, by the name that the other side has for it.
class ErrorCounts {
 public:
  // `name` may be empty, where nobody has one; `text` is for people.
  void add(const std::string& name, std::string_view text, std::uint64_t times = 1);

  bool empty() const { return by_name_.empty(); }

  void fill(Metrics& metrics) const;

  // The first text; empty: there is none.
  std::string first() const {
    return first_unjudged([](const std::string&) { return false; });
  }

  // The first text that no expectation is there for; empty: there is none. One on `errors` or
  // `error_rate` is there for all.
  std::string first_unjudged(const Judges& judges) const;

 private:
  struct Count {
    std::uint64_t times = 0;
    std::string text;       // of the first
    std::size_t place = 0;  // of the first, among all names
  };
  std::map<std::string, Count> by_name_;
};

}  // namespace ks::report
