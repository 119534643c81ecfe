#include "lib/admin/commands.h"
#include "lib/admin/probe.h"
#include "lib/target/http.h"
#include "lib/target/identity.h"

namespace ks::admin {
namespace {

using client::Admin;
using client::Operation;

constexpr auto kPageTimeout = std::chrono::seconds(2);

// A broker that this client cannot ask is still told apart by its other signs, so a failure here is
// a reason among the others and not the end.
std::string ask_cluster_id(Context& context, std::vector<std::string>& reasons) {
  const auto connected = context.connect({Operation::kMetadata});
  if (!connected) {
    reasons.push_back(connected.error().message());
    return {};
  }
  const auto cluster = context.ask(&Admin::describe_cluster);
  if (!cluster) {
    reasons.push_back(cluster.error().message());
    return {};
  }
  return cluster->cluster_id;
}

// The page belongs to the profile's brokers: with -b another broker may be asked, and the page
// would be evidence of the wrong one.
std::string ask_metrics_page(const Context& context, std::vector<std::string>& reasons) {
  const tool::Session& session = context.session;
  const std::string& url = session.profile.metrics_url;
  if (url.empty()) return {};
  if (session.has("brokers") || session.has("bootstrap-server")) {
    reasons.emplace_back("the profile's metrics page was not asked: -b may name another broker");
    return {};
  }
  const auto until = std::min<cli::Deadline>(context.until(), cli::Clock::now() + kPageTimeout);
  const auto page = target::http_get(url, until);
  if (!page) {
    reasons.push_back(page.error().message());
    return {};
  }
  if (page->status == 200) return page->body;
  reasons.push_back("metrics page answered " + std::to_string(page->status));
  return {};
}

std::string join(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

// A gate for KafScale must not bless another system.
cli::Result<void> check_target(const tool::Session& session, const target::Identity& identity) {
  const bool wants_kafscale = session.profile.target == target::TargetKind::kKafscale;
  if (!wants_kafscale || identity.product == target::kKafScale) return {};
  const std::string found = identity.product == target::kUnknownProduct
                                ? "an unknown broker"
                                : std::string(identity.product);
  // An operator gives each KafScale a cluster id of its own: then only its metrics tell.
  const std::string metrics = session.profile.metrics_url.empty()
                                  ? "give its metrics page (metrics_url, KS_METRICS_URL), "
                                  : "";
  return cli::fail(
      "profile " + session.profile.name + " is for KafScale, but " + found + " answers",
      session.profile.brokers.front() + " (" + join(identity.reasons) + ")",
      metrics +
          "start KafScale there, set K6_TARGET=kafka, or choose another profile "
          "(K6_PROFILE=embedded starts its own Kafka)");
}

}  // namespace

cli::Result<Answer> identify_broker(Context& context) {
  tool::Session& session = context.session;
  target::Evidence evidence;
  if (const auto answered = session.connect({}); !answered) {
    return tl::make_unexpected(answered.error());
  }
  if (const auto* trouble = context.diagnose(); trouble != nullptr) {
    return tl::make_unexpected(trouble->error);
  }
  evidence.api_versions = session.broker_versions;
  std::vector<std::string> problems;
  evidence.cluster_id = ask_cluster_id(context, problems);
  evidence.metrics_page = ask_metrics_page(context, problems);
  target::Identity identity = target::identify(evidence);
  identity.reasons.insert(identity.reasons.end(), problems.begin(), problems.end());

  session.result.broker.product = identity.product;
  const auto apis = static_cast<double>(count_served(evidence.api_versions));
  session.result.data = {{"product", identity.product},
                         {"build", session.result.broker.build},
                         {"cluster_id", evidence.cluster_id},
                         {"apis", Json::object()},
                         {"reasons", identity.reasons}};
  for (const auto& [key, range] : evidence.api_versions.all()) {
    session.result.data["apis"][wire::api_name(key)] = range.text();
  }
  session.result.metrics["apis"] = apis;
  if (auto ok = check_target(session, identity); !ok) return tl::make_unexpected(ok.error());
  context.diagnose_coordinator();  // not of the wrong system: it may leave a topic there
  const Json cluster = evidence.cluster_id.empty() ? Json(nullptr) : Json(evidence.cluster_id);
  return Answer{
      {{"product", "build", "cluster_id", "reasons"},
       {{identity.product, session.result.broker.build, cluster, join(identity.reasons)}}},
      {},
      session.result.data,
      {}};
}

}  // namespace ks::admin
