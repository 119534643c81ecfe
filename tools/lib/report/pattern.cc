#include "lib/report/pattern.h"

#include <regex.h>

namespace ks::report {
namespace {

class Compiled {
 public:
  explicit Compiled(const std::string& pattern)
      : error_(regcomp(&regex_, pattern.c_str(), REG_EXTENDED | REG_NOSUB)) {}
  ~Compiled() {
    if (error_ == 0) regfree(&regex_);
  }
  Compiled(const Compiled&) = delete;
  Compiled& operator=(const Compiled&) = delete;

  std::string complaint() const {
    if (error_ == 0) return "";
    char text[256] = "";
    regerror(error_, &regex_, text, sizeof text);
    return text;
  }
  bool matches(const std::string& text) const {
    return error_ == 0 && regexec(&regex_, text.c_str(), 0, nullptr, 0) == 0;
  }

 private:
  regex_t regex_{};
  int error_;
};

}  // namespace

cli::Result<void> check_pattern(const std::string& pattern) {
  const std::string complaint = Compiled(pattern).complaint();
  if (!complaint.empty()) return cli::fail("not a regular expression, " + complaint);
  return {};
}

bool matches(const std::string& pattern, const std::string& text) {
  return Compiled(pattern).matches(text);
}

}  // namespace ks::report
