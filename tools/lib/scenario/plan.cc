#include "lib/scenario/plan.h"

#include <algorithm>
#include <cstdio>

namespace ks::scenario {
namespace {

using Words = std::vector<std::string>;

// How long a client tries to deliver one record. Under faults nothing may fail only because it was
// impatient.
constexpr Duration kPatience = std::chrono::seconds(30);
constexpr Duration kPatienceUnderFaults = std::chrono::seconds(120);
constexpr Duration kAdminTime = std::chrono::seconds(30);

std::string as_option(Duration duration) { return std::to_string(duration.count()) + "ns"; }

std::string as_rate(double per_s) {
  char text[64];
  std::snprintf(text, sizeof text, "%.6f/s", per_s);
  return text;
}

void add(Words& argv, const std::string& option, const std::string& value) {
  if (value.empty()) return;
  argv.push_back(option);
  argv.push_back(value);
}

void add_settings(Words& argv, const std::string& option, const Texts& settings) {
  for (const auto& [name, value] : settings) {
    argv.push_back(option);
    argv.push_back(name);
    argv.back().append("=").append(value);
  }
}

Duration patience(const Scenario& scenario) {
  return scenario.faults.empty() ? kPatience : kPatienceUnderFaults;
}

std::string client_of(const Traffic& traffic, const PlanContext& context) {
  return traffic.client.empty() ? context.client : traffic.client;
}

std::string name_of(const Traffic& traffic, int index) {
  return traffic.clients == 1 ? traffic.name : traffic.name + "_" + std::to_string(index + 1);
}

bool is_judged_by(const Scenario& scenario, CheckType type, const Traffic& traffic) {
  return !scenario.checks_of(type, traffic).empty();
}

// A refusal that is wanted is no error; what gets through all the same is.
void add_authorization(const Scenario& scenario, const Traffic& traffic, Words& argv) {
  for (const Check* check : scenario.checks_of(CheckType::kAuthorization, traffic)) {
    add(argv, "--expect",
        check->refused ? "authorization_errors >= 1" : "authorization_errors == 0");
    if (!check->refused) continue;
    add(argv, "--expect",
        traffic.type == Type::kProduce ? "acked_records == 0" : "read_records == 0");
  }
}

// What both clients take.
Words common(const std::string& tool, const Traffic& traffic, const Scenario& scenario,
             const PlanContext& context) {
  Words argv{tool, "-t", with_run_id(traffic.topic, context.run_id)};
  add(argv, "--client", client_of(traffic, context));
  add(argv, "--principal", traffic.principal.empty() ? context.principal : traffic.principal);
  if (traffic.partition) add(argv, "-p", std::to_string(*traffic.partition));
  add(argv, "--history", context.history.string());
  add_settings(argv, "-X", traffic.properties);
  const bool is_known = traffic.properties.contains("reconnect.backoff.max.ms");
  if (!scenario.faults.empty() && !is_known) add(argv, "-X", "reconnect.backoff.max.ms=500");
  // Who says how many errors there may be judges them himself.
  if (is_judged_by(scenario, CheckType::kErrorRate, traffic)) {
    add(argv, "--expect", "error_rate >= 0");
  }
  add_authorization(scenario, traffic, argv);
  return argv;
}

StepPlan produce_step(const Traffic& traffic, const Scenario& scenario, const PlanContext& context,
                      int index, std::uint64_t producer) {
  Words argv = common("ks-produce", traffic, scenario, context);
  if (traffic.messages) add(argv, "--count", std::to_string(*traffic.messages));
  if (traffic.duration) add(argv, "--duration", as_option(*traffic.duration));
  if (traffic.rate_per_s > 0) add(argv, "--rate", as_rate(traffic.rate_per_s));
  if (traffic.clients > 1) {
    add(argv, "--shard", std::to_string(index) + "/" + std::to_string(traffic.clients));
  }
  add(argv, "--producer-id", std::to_string(producer));
  if (!traffic.value.empty()) {
    add(argv, "--value-file", (context.work / (traffic.name + ".value")).string());
  }
  add(argv, "--size", traffic.size);
  add(argv, "--key", with_run_id(traffic.key, context.run_id));
  if (traffic.keys != 0) add(argv, "--keys", std::to_string(traffic.keys));
  Texts headers = traffic.headers;
  for (auto& [name, value] : headers) value = with_run_id(value, context.run_id);
  add_settings(argv, "--header", headers);
  add(argv, "--acks", traffic.acks);
  add(argv, "--idempotence", traffic.idempotence);
  add(argv, "--most-lag", traffic.most_lag);
  add(argv, "--timeout", as_option(patience(scenario)));
  const std::string tally = (context.work / (traffic.name + ".tally")).string();
  add(argv, "--tally", tally);
  const Duration late = scenario.faults.empty() ? Duration{} : patience(scenario);
  return {name_of(traffic, index), std::move(argv), bound_of(traffic, scenario) + late, tally};
}

StepPlan consume_step(const Traffic& traffic, const Scenario& scenario, const PlanContext& context,
                      int index) {
  Words argv = common("ks-consume", traffic, scenario, context);
  add(argv, "--format", "none");
  add(argv, "--group", with_run_id(traffic.group, context.run_id));
  add(argv, "--offset", traffic.offset);
  const bool are_several = traffic.clients > 1;
  if (are_several && traffic.group.empty() && !traffic.partition) {
    add(argv, "--shard", std::to_string(index) + "/" + std::to_string(traffic.clients));
  }
  // Those who read the same have a part of the limit each; others take of one limit what comes.
  const bool have_parts = are_several && traffic.partition.has_value();
  const auto clients = static_cast<std::uint64_t>(traffic.clients);
  if (traffic.limit) {
    const std::uint64_t limit =
        have_parts ? share_of(*traffic.limit, static_cast<std::uint64_t>(index), clients)
                   : *traffic.limit;
    add(argv, "--count", std::to_string(limit));
  }
  const std::string whose = have_parts ? name_of(traffic, index) : traffic.name;
  const std::string tally = (context.work / (whose + ".tally")).string();
  add(argv, "--tally", tally);
  if (is_judged_by(scenario, CheckType::kUuidMatch, traffic)) argv.emplace_back("--match-uuid");
  const Duration bound = bound_of(traffic, scenario);
  add(argv, "--timeout", as_option(bound));
  return {name_of(traffic, index), std::move(argv), bound + kGrace, tally};
}

// Given by name: by itself ks-metrics would look at the profile's health, too.
Words page_of(const Traffic& traffic, const Scenario& scenario, const PlanContext& context) {
  Words argv{"ks-metrics"};
  add(argv, "--url", traffic.url.empty() ? context.metrics_url : traffic.url);
  add(argv, "--timeout", as_option(bound_of(traffic, scenario)));
  return argv;
}

std::string page_before(const Traffic& traffic, const PlanContext& context) {
  return (context.work / (traffic.name + ".page")).string();
}

bool has_moving(const Scenario& scenario, const Traffic& traffic) {
  const auto checks = scenario.checks_of(CheckType::kMetric, traffic);
  return std::ranges::any_of(checks, [](const Check* check) { return check->moves; });
}

StepPlan metrics_step(const Traffic& traffic, const Scenario& scenario,
                      const PlanContext& context) {
  Words argv = page_of(traffic, scenario, context);
  if (has_moving(scenario, traffic)) add(argv, "--since", page_before(traffic, context));
  for (const Check* check : scenario.checks_of(CheckType::kMetric, traffic)) {
    add(argv, check->moves ? "--expect-increase" : "--require", check->metric);
  }
  return {traffic.name, std::move(argv), bound_of(traffic, scenario) + kGrace, ""};
}

}  // namespace

std::string with_run_id(const std::string& text, const std::string& run_id) {
  static const std::string kPlace = "{{run_id}}";
  std::string out = text;
  for (std::size_t at = 0; (at = out.find(kPlace, at)) != std::string::npos; at += run_id.size()) {
    out.replace(at, kPlace.size(), run_id);
  }
  return out;
}

std::uint64_t share_of(std::uint64_t total, std::uint64_t index, std::uint64_t count) {
  return total / count + (index < total % count ? 1 : 0);
}

std::uint64_t producers_of(const Traffic& traffic) {
  return traffic.type == Type::kProduce ? static_cast<std::uint64_t>(traffic.clients) : 0;
}

std::vector<StepPlan> plan_traffic(const Traffic& traffic, const Scenario& scenario,
                                   const PlanContext& context, std::uint64_t first_producer) {
  if (traffic.type == Type::kMetrics) return {metrics_step(traffic, scenario, context)};
  std::vector<StepPlan> out;
  for (int i = 0; i < traffic.clients; ++i) {
    const std::uint64_t producer = first_producer + static_cast<std::uint64_t>(i);
    out.push_back(traffic.type == Type::kProduce
                      ? produce_step(traffic, scenario, context, i, producer)
                      : consume_step(traffic, scenario, context, i));
  }
  return out;
}

StepPlan plan_fault(const Fault& fault, std::size_t number, const PlanContext& context) {
  const Duration timeout = fault.timeout.value_or(fault.is_of_brokers() ? std::chrono::seconds(30)
                                                                        : std::chrono::seconds(10));
  Words argv{fault.is_of_brokers() ? "ks-restart" : "ks-fault", fault.verb};
  argv.insert(argv.end(), fault.words.begin(), fault.words.end());
  argv.insert(argv.end(), fault.options.begin(), fault.options.end());
  const bool is_random = std::ranges::find(fault.options, "--random") != fault.options.end();
  const bool has_seed = std::ranges::find(fault.options, "--seed") != fault.options.end();
  if (is_random && !has_seed) add(argv, "--seed", context.seed + std::to_string(number));
  add(argv, "--timeout", as_option(timeout));
  add(argv, "--history", context.history.string());
  // One broker after the other, each with its steps down and up.
  constexpr int kMostSteps = 20;
  return {"fault_" + std::to_string(number), std::move(argv),
          fault.lasts + kMostSteps * timeout + kGrace, ""};
}

std::optional<StepPlan> plan_page_before(const Traffic& metrics, const Scenario& scenario,
                                         const PlanContext& context) {
  if (metrics.type != Type::kMetrics || !has_moving(scenario, metrics)) return std::nullopt;
  Words argv = page_of(metrics, scenario, context);
  add(argv, "--save", page_before(metrics, context));
  return StepPlan{metrics.name + "_before", std::move(argv), bound_of(metrics, scenario) + kGrace,
                  ""};
}

Words as_client(Words argv, const PlanContext& context) {
  add(argv, "--client", context.client);
  add(argv, "--principal", context.principal);
  return argv;
}

StepPlan plan_create(const Topic& topic, std::size_t number, const PlanContext& context) {
  Words argv =
      as_client({"ks-admin", "topics", "create", with_run_id(topic.name, context.run_id)}, context);
  add(argv, "--partitions", std::to_string(topic.partitions));
  add(argv, "--replication-factor",
      topic.replication == 0 ? context.replication : std::to_string(topic.replication));
  add_settings(argv, "--config", topic.configs);
  return {"create_" + std::to_string(number), std::move(argv), kAdminTime + kGrace, ""};
}

Words step_names(const Traffic& traffic) {
  Words out;
  for (int i = 0; i < traffic.clients; ++i) out.push_back(name_of(traffic, i));
  return out;
}

Words other_step_names(const Scenario& scenario) {
  Words out{"checks", "verify", "end", "errands"};
  const auto numbered = [&](const char* name, std::size_t count) {
    for (std::size_t i = 1; i <= count; ++i) out.push_back(name + std::to_string(i));
  };
  numbered("fault_", scenario.faults.size());
  for (const char* name : {"create_", "delete_", "gone_", "there_"}) {
    numbered(name, scenario.topics.size());
  }
  const std::size_t produced = produced_topics(scenario, "").size();
  for (const char* name : {"read_back", "ends"}) {
    out.emplace_back(name);
    numbered((std::string(name) + "_").c_str(), produced);
  }
  for (const Traffic& traffic : scenario.traffic) {
    if (traffic.type == Type::kMetrics) out.push_back(traffic.name + "_before");
  }
  numbered("before_", produced);
  numbered("ends_before_", produced);
  return out;
}

}  // namespace ks::scenario
