#pragma once

#include <regex>
#include <string>
#include <utility>
#include <vector>

#include "builders.h"
#include "lib/report/timeline.h"

// Short ways to say what a timeline is made of, and to see what was drawn.
namespace ks::report {

inline constexpr std::int64_t kNoonNs = 1'769'860'800'000'000'000;  // 2026-01-31T12:00:00Z

inline std::int64_t at_s(double seconds) {
  return kNoonNs + static_cast<std::int64_t>(seconds * 1e9);
}

inline Second second_of(double begin_s, double records, double errors = 0) {
  return {at_s(begin_s), records, errors, Latency{1, 2, 4}};
}

inline Step traced_step(const std::string& tool, std::vector<Second> seconds) {
  Step out = step("offsets", Status::kPass, "", "librdkafka", tool.substr(3));
  out.result.tool = tool;
  out.series.seconds = std::move(seconds);
  return out;
}

inline Recovery recovery_of(const std::string& fault, double confirmed_s, double from_s,
                            double to_s, bool is_open = false) {
  return {fault, at_s(confirmed_s), at_s(from_s), at_s(to_s), is_open};
}

inline Availability partition_of(std::int64_t partition, std::vector<Recovery> recoveries,
                                 const std::string& operation = "produce") {
  return {"orders", partition, operation, 100, 1, 500, at_s(5), std::move(recoveries)};
}

// The start tags of the elements with that name and class.
inline std::vector<std::string> tags(const std::string& page, const std::string& name,
                                     const std::string& css) {
  const std::regex tag("<" + name + "[^>]* class=\"" + css + "\"[^>]*>");
  std::vector<std::string> out;
  for (std::sregex_iterator i(page.begin(), page.end(), tag), end; i != end; ++i) {
    out.push_back(i->str());
  }
  return out;
}

// The number that a tag has for the attribute.
inline double attribute(const std::string& tag, const std::string& name) {
  const std::string start = " " + name + "=\"";
  const std::size_t found = tag.find(start);
  return found == std::string::npos ? -1 : std::stod(tag.substr(found + start.size()));
}

}  // namespace ks::report
