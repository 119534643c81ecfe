#include "lib/scenario/read.h"

#include <filesystem>

#include "lib/cli/project.h"
#include "lib/cli/redact.h"
#include "lib/scenario/json_schema.h"

namespace ks::scenario {
namespace {

// What stands for itself, as a text.
std::string text_of(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

class Interpreter {
 public:
  explicit Interpreter(const Document& document) : document_(document) {}

  Reading take() {
    const Json& root = document_.data;
    Scenario& out = reading_.scenario;
    out.file = document_.file;
    out.name = root.value("name", std::filesystem::path(document_.file).stem().string());
    out.title = root.value("title", root.value("description", std::string()));
    out.profile = root.value("profile", "");
    out.brokers = root.value("brokers", std::vector<std::string>());
    out.client = root.value("client", "");
    out.principal = root.value("principal", "");
    for_each(root, "topics", [&](const Json& item, const std::string&) { add_topic(item); });
    for (const auto& [name, item] : root.at("scenarios").items()) {
      add_traffic(name, item, below("/scenarios", name));
    }
    for_each(root, "faults", [&](const Json& item, const std::string& at) { add_fault(item, at); });
    for_each(root, "checks", [&](const Json& item, const std::string& at) { add_check(item, at); });
    return std::move(reading_);
  }

 private:
  template <typename Add>
  static void for_each(const Json& root, const std::string& key, Add add) {
    if (!root.contains(key)) return;
    const Json& list = root.at(key);
    for (std::size_t i = 0; i < list.size(); ++i) add(list[i], below("/" + key, i));
  }

  template <typename T>
  T take(cli::Result<T> value, const std::string& at) {
    if (value) return std::move(*value);
    reading_.complaints.push_back(
        {document_.line_of(at), field_of(at), value.error().what, value.error().action});
    return {};
  }

  std::optional<Duration> duration(const Json& item, const std::string& key,
                                   const std::string& at) {
    if (!item.contains(key)) return std::nullopt;
    return take(cli::parse_duration(item.at(key).get<std::string>()), below(at, key));
  }

  double rate(const Json& item, const std::string& key, const std::string& at) {
    if (!item.contains(key)) return 0;
    const Json& value = item.at(key);
    if (value.is_number()) return value;
    return take(cli::parse_rate(value.get<std::string>()), below(at, key));
  }

  static Texts texts(const Json& item, const std::string& key) {
    Texts out;
    if (!item.contains(key)) return out;
    for (const auto& [name, value] : item.at(key).items()) out[name] = text_of(value);
    return out;
  }

  static std::string text(const Json& item, const std::string& key) {
    return item.contains(key) ? text_of(item.at(key)) : "";
  }

  template <typename T>
  static std::optional<T> number(const Json& item, const std::string& key) {
    if (!item.contains(key)) return std::nullopt;
    return item.at(key).get<T>();
  }

  void add_topic(const Json& item) {
    reading_.scenario.topics.push_back({item.at("name"), item.value("partitions", 1),
                                        item.value("replication", 0), item.value("recreate", false),
                                        item.value("keep", false), texts(item, "configs")});
  }

  void add_traffic(const std::string& name, const Json& item, const std::string& at) {
    Traffic out;
    out.name = name;
    out.at = at;
    const std::string type = item.at("type");
    out.type = type == "produce"   ? Type::kProduce
               : type == "consume" ? Type::kConsume
                                   : Type::kMetrics;
    out.clients = item.value("clients", 1);
    out.client = text(item, "client");
    out.principal = text(item, "principal");
    out.topic = text(item, "topic");
    out.partition = number<int>(item, "partition");
    out.start_delay = duration(item, "start_delay", at).value_or(Duration{});
    out.after = text(item, "after");
    out.timeout = duration(item, "timeout", at);
    out.duration = duration(item, "duration", at);
    out.properties = texts(item, "properties");
    for (const auto& [property, value] : out.properties) {
      if (cli::is_secret_name(property)) cli::add_secret(value);
    }
    out.url = text(item, "url");
    if (out.type == Type::kProduce) add_produce(item, out);
    if (out.type == Type::kConsume) add_consume(item, out);
    reading_.scenario.traffic.push_back(std::move(out));
  }

  void add_produce(const Json& item, Traffic& out) {
    out.messages = number<std::uint64_t>(item, "messages");
    out.rate_per_s = rate(item, item.contains("rate") ? "rate" : "rate_per_s", out.at);
    if (item.contains("value")) {
      const Json& value = item.at("value");
      out.value = value.contains("json") ? value.at("json").dump() : text(value, "text");
    }
    out.size = text(item, "size");
    out.key = text(item, "key");
    out.keys = item.value("keys", std::uint64_t{0});
    out.headers = texts(item, "headers");
    const std::string acks = text(item, "acks");
    out.acks = acks == "-1" ? "all" : acks;
    out.idempotence = text(item, "idempotence");
    out.most_lag = text(item, "most_lag");
  }

  void add_consume(const Json& item, Traffic& out) {
    out.limit = number<std::uint64_t>(item, "limit");
    if (item.contains("group")) {
      const Json& group = item.at("group");
      out.group = group.is_string() ? group.get<std::string>() : group.value("id", "");
    }
    const std::string offset = text(item, "offset");
    out.offset = offset == "earliest" ? "beginning" : offset == "latest" ? "end" : offset;
  }

  void add_fault(const Json& item, const std::string& at) {
    Fault out;
    out.at = at;
    out.when = *duration(item, "at", at);
    out.verb = item.at("verb");
    out.timeout = duration(item, "timeout", at);
    out.lasts = duration(item, "for", at).value_or(Duration{});
    out.words = item.value("nodes", std::vector<std::string>());
    for (const char* word : {"path", "count"}) {
      if (item.contains(word)) out.words.push_back(text(item, word));
    }
    for (const char* option : {"random", "seed", "latency", "jitter", "rate", "size", "delay",
                               "after", "direction", "for"}) {
      if (!item.contains(option)) continue;
      out.options.push_back(std::string("--") + option);
      out.options.push_back(text(item, option));
    }
    if (item.value("hard", false)) out.options.emplace_back("--hard");
    reading_.scenario.faults.push_back(std::move(out));
  }

  void add_check(const Json& item, const std::string& at);

  const Document& document_;
  Reading reading_;
};

CheckType check_type(const std::string& name) {
  static const std::map<std::string, CheckType> kTypes{
      {"count_equals", CheckType::kCountEquals},
      {"count_at_least", CheckType::kCountAtLeast},
      {"no_duplicates", CheckType::kNoDuplicates},
      {"no_loss", CheckType::kNoLoss},
      {"uuid_match", CheckType::kUuidMatch},
      {"latency", CheckType::kLatency},
      {"offsets_monotonic", CheckType::kOffsetsMonotonic},
      {"order", CheckType::kOrder},
      {"error_rate", CheckType::kErrorRate},
      {"throughput", CheckType::kThroughput},
      {"metric", CheckType::kMetric},
      {"metrics", CheckType::kMetric},
      {"anomalies", CheckType::kAnomalies},
      {"recovery", CheckType::kRecovery},
      {"authorization", CheckType::kAuthorization}};
  return kTypes.at(name);
}

double quantile_of(const std::string& percentile) {
  if (percentile == "max") return 1;
  return std::stod(percentile.substr(1)) / 100;
}

void Interpreter::add_check(const Json& item, const std::string& at) {
  Check out;
  out.at = at;
  out.type_name = item.at("type");
  out.type = check_type(out.type_name);
  out.name = item.value("name", out.type_name);
  out.scenario = text(item, "scenario");
  switch (out.type) {
    case CheckType::kCountEquals:
    case CheckType::kCountAtLeast:
      out.expected = item.at("expected");
      out.of_produced = text(item, "metric") == "produced";
      break;
    case CheckType::kLatency:
      out.quantile = quantile_of(item.value("percentile", "p95"));
      [[fallthrough]];
    case CheckType::kRecovery:
      out.limit = cli::to_ms(*duration(item, "max", at));
      out.operation = text(item, "operation");
      break;
    case CheckType::kErrorRate:
      out.limit = item.at("max");
      break;
    case CheckType::kThroughput:
      out.limit = rate(item, "min", at);
      break;
    case CheckType::kMetric:
      out.metric = item.at("metric");
      out.moves = item.value("moves", false);
      for (const auto& [key, op] : Texts{{"expected", "=="}, {"min", ">="}, {"max", "<="}}) {
        if (item.contains(key)) out.bounds.emplace_back(op, item.at(key).get<double>());
      }
      break;
    case CheckType::kAuthorization:
      out.refused = item.at("expected") == "refused";
      break;
    default:
      break;
  }
  out.explained = item.value("explained", false);
  out.allow = item.value("allow", std::vector<std::string>());
  reading_.scenario.checks.push_back(std::move(out));
}

// KAF6 gives a producer or consumer without a topic the first; where there are several, a name is
// better than a guess.
void take_only_topic(Scenario& scenario) {
  if (scenario.topics.size() != 1) return;
  for (Traffic& traffic : scenario.traffic) {
    if (traffic.topic.empty()) traffic.topic = scenario.topics.front().name;
  }
}

}  // namespace

Reading interpret(const Document& document) {
  Reading reading = Interpreter(document).take();
  take_only_topic(reading.scenario);
  return reading;
}

cli::Result<Reading> read_scenario(const Document& document) {
  constexpr const char* kSchema = "reports/schema/scenario-v1.json";
  const auto path = cli::find_in_project(kSchema);
  if (path.empty()) return cli::fail("no schema", kSchema, "set KS_HOME to the project's folder");
  const auto schema = JsonSchema::read(path);
  if (!schema) return tl::make_unexpected(schema.error());
  Reading reading;
  reading.complaints = schema->validate(document);
  if (!reading.complaints.empty()) return reading;
  reading = interpret(document);
  if (reading.complaints.empty()) {
    reading.complaints = find_contradictions(reading.scenario, document);
  }
  return reading;
}

}  // namespace ks::scenario
