#include "lib/target/identity.h"

#include <string_view>

namespace ks::target {
namespace {

constexpr std::string_view kKafScaleClusterId = "kafscale-cluster";

// Whether a sample line begins with KafScale's prefix. The page need not be well-formed: this asks
// who answers, not whether the answer is right.
bool has_kafscale_metrics(std::string_view page) {
  return page.starts_with("kafscale_") || page.find("\nkafscale_") != page.npos;
}

}  // namespace

Identity identify(const Evidence& evidence) {
  Identity identity{kUnknownProduct, {}};
  const auto note = [&](std::string reason) { identity.reasons.push_back(std::move(reason)); };
  note(evidence.cluster_id.empty() ? "cluster id not known"
                                   : "cluster id is '" + evidence.cluster_id + "'");
  const bool has_metrics = has_kafscale_metrics(evidence.metrics_page);
  if (has_metrics) {
    note("kafscale_ metrics on its metrics page");
  } else {
    note(evidence.metrics_page.empty() ? "no metrics page"
                                       : "no kafscale_ metrics on its metrics page");
  }
  if (evidence.api_versions.all().empty()) {
    note("advertised API versions not known");
    return identity;
  }
  const bool offers_init_producer_id = evidence.api_versions.offers(wire::ApiKey::kInitProducerId);
  note(offers_init_producer_id ? "InitProducerId offered" : "InitProducerId not offered");
  const bool has_kafscale_sign = has_metrics || evidence.cluster_id == kKafScaleClusterId;
  if (has_kafscale_sign && !offers_init_producer_id) identity.product = kKafScale;
  if (!has_kafscale_sign && offers_init_producer_id) identity.product = kApacheKafka;
  return identity;
}

}  // namespace ks::target
