#include "lib/report/error_counts.h"

namespace ks::report {
namespace {

std::string metric_of(const std::string& name) { return "errors_" + name; }

}  // namespace

bool is_of_authorization(std::string_view error_name) {
  return error_name.ends_with("_AUTHORIZATION_FAILED");
}

void count_error(const std::string& name, Metrics& metrics, std::uint64_t times) {
  metrics[metric_of(name)] += static_cast<double>(times);
  if (is_of_authorization(name)) metrics[kAuthorizationErrors] += static_cast<double>(times);
}

bool judges_error(const std::string& name, const Judges& judges) {
  if (name.empty()) return false;
  return judges(metric_of(name)) || (is_of_authorization(name) && judges(kAuthorizationErrors));
}

void ErrorCounts::add(const std::string& name, std::string_view text, std::uint64_t times) {
  const auto [found, is_new] = by_name_.try_emplace(name);
  if (is_new) {
    found->second.text = text;
    found->second.place = by_name_.size();
  }
  found->second.times += times;
}

void ErrorCounts::fill(Metrics& metrics) const {
  for (const auto& [name, count] : by_name_) {
    if (!name.empty()) count_error(name, metrics, count.times);
  }
}

std::string ErrorCounts::first_unjudged(const Judges& judges) const {
  if (judges("errors") || judges("error_rate")) return {};
  const Count* first = nullptr;
  for (const auto& [name, count] : by_name_) {
    const bool is_earlier = first == nullptr || count.place < first->place;
    if (is_earlier && !judges_error(name, judges)) first = &count;
  }
  return first == nullptr ? std::string() : first->text;
}

}  // namespace ks::report
