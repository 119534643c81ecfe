#include "lib/report/expectation.h"

#include <array>

#include "lib/cli/units.h"

namespace ks::report {
namespace {

// Two-character operators first: "<=" must not be read as "<" and "=".
constexpr std::array<std::string_view, 6> kOperators{"==", "!=", "<=", ">=", "<", ">"};

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

cli::Result<Expectation> parse_expectation(std::string_view text) {
  // A metric may have labels, and labels have operators of their own: name{label="value"}.
  const std::size_t labels_end = text.rfind('}');
  const std::size_t at =
      text.find_first_of("=!<>", labels_end == std::string_view::npos ? 0 : labels_end);
  for (const std::string_view op : kOperators) {
    if (at == std::string_view::npos || text.substr(at, op.size()) != op) continue;
    const std::string_view metric = trim(text.substr(0, at));
    const auto limit = cli::parse_number(trim(text.substr(at + op.size())));
    if (metric.empty() || !limit) break;
    return Expectation{std::string(metric), std::string(op), *limit};
  }
  return cli::fail("not an expectation '" + std::string(text) + "'", "--expect",
                   "write it like 'errors == 0' or 'latency_ms_p99 <= 100'");
}

void take_limits(const std::map<std::string, double>& limits, std::vector<Expectation>& expected) {
  for (Expectation& limit : expected) {
    const auto own = limits.find(limit.metric);
    if (own != limits.end()) limit.limit = own->second;
  }
}

bool holds(const Expectation& expectation, double observed) {
  const std::string& op = expectation.op;
  if (op == "==") return observed == expectation.limit;
  if (op == "!=") return observed != expectation.limit;
  if (op == "<=") return observed <= expectation.limit;
  if (op == ">=") return observed >= expectation.limit;
  if (op == "<") return observed < expectation.limit;
  return observed > expectation.limit;
}

double metric_or_zero(const Metrics& metrics, const std::string& name) {
  const auto found = metrics.find(name);
  return found == metrics.end() ? 0 : found->second;
}

bool holds(const Expectation& expectation, const Metrics& metrics) {
  const auto found = metrics.find(expectation.metric);
  return found != metrics.end() && holds(expectation, found->second);
}

}  // namespace ks::report
