#pragma once

#include <string>
#include <vector>

#include "lib/wire/api_versions.h"

namespace ks::target {

inline constexpr const char* kKafScale = "KafScale";
inline constexpr const char* kApacheKafka = "Apache Kafka";
inline constexpr const char* kUnknownProduct = "unknown";

// What was found out about the broker that answers. Empty means: not asked, or no answer.
struct Evidence {
  std::string cluster_id;
  wire::ApiVersions api_versions;
  std::string metrics_page;  // the text of its Prometheus page
};

struct Identity {
  std::string product;               // one of the three above
  std::vector<std::string> reasons;  // each sign that was seen or missed, for people
};

// KafScale: its cluster id or its metrics, and InitProducerId not offered. Apache Kafka:
// InitProducerId offered and no sign of KafScale. Anything between is unknown: a gate must not
// bless the wrong system.
Identity identify(const Evidence& evidence);

}  // namespace ks::target
