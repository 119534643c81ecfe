#include "lib/client/rdkafka_statistics.h"

#include <cstdint>
#include <nlohmann/json.hpp>

namespace ks::client {
namespace {

using nlohmann::json;

// A member of the object, or null.
json member(std::string_view statistics, const char* name) {
  const json all = json::parse(statistics, nullptr, /*allow_exceptions=*/false);
  return all.is_object() && all.contains(name) ? all[name] : json();
}

}  // namespace

std::string explain_group(std::string_view statistics) {
  const json group = member(statistics, "cgrp");
  if (!group.is_object()) return "";
  return "librdkafka is in state " + group.value("state", "unknown") + ", join state " +
         group.value("join_state", "unknown") + ", after " +
         std::to_string(group.value("rebalance_cnt", 0)) + " rebalances";
}

std::string explain_dropped(std::string_view statistics) {
  std::uint64_t unmatched = 0;
  std::uint64_t partial = 0;
  for (const json& broker : member(statistics, "brokers")) {
    unmatched += broker.value("rxcorriderrs", std::uint64_t{0});
    partial += broker.value("rxpartial", std::uint64_t{0});
  }
  std::string out;
  if (unmatched > 0) out = std::to_string(unmatched) + " answers with another correlation id";
  if (partial > 0) {
    out += (out.empty() ? "" : " and ") + std::to_string(partial) + " batches that are cut off";
  }
  return out.empty() ? out : "librdkafka dropped " + out;
}

}  // namespace ks::client
