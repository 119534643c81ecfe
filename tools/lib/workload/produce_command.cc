#include "lib/workload/produce_command.h"

#include <unistd.h>

#include <array>
#include <random>

#include "lib/cli/file.h"
#include "lib/history/writer.h"
#include "lib/tool/series_file.h"
#include "lib/workload/produce.h"
#include "lib/workload/tally_file.h"

namespace ks::workload {
namespace {

namespace po = cli::po;
using Headers = std::vector<cli::PrivateSettingArg>;

// The identity has 16 bits for them.
constexpr std::uint64_t kMostProducers = 65'536;

constexpr const char* kAbout =
    "Produces records that carry an identity, and counts every delivery report. Without --count,\n"
    "--duration and --until-stopped it sends the lines of standard input, untouched.\n\n"
    "  ks-produce -b localhost:9092 -t orders --count 1000 --json -\n"
    "  ks-produce -t orders --rate 50/s --duration 1m --size 1KiB --history runs/a\n"
    "  echo 'k:v' | ks-produce -t orders -K :\n";

po::options_description options() {
  po::options_description out("Options");
  out.add_options()("topic,t", po::value<std::string>(), "topic")(
      "partition,p", po::value<cli::PartitionArg>(), "only this partition")(
      "count,c", po::value<cli::CountArg>(), "records to send")(
      "num-records", po::value<cli::CountArg>(), "the same, as the Java tools call it")(
      "duration", po::value<cli::DurationArg>(), "send for this long")(
      "until-stopped", "send until a signal, which is then no interruption")(
      "rate,r", po::value<cli::RateArg>(), "records a second, on an open-loop schedule")(
      "throughput", po::value<cli::RateArg>(), "the same, as the Java tools call it")(
      "most-lag", po::value<cli::DurationArg>(),
      "inconclusive where one of a hundred records was sent this late (100ms)")(
      "size,s", po::value<cli::SizeArg>(), "bytes of a generated value (100; at least 32)")(
      "record-size", po::value<cli::SizeArg>(), "the same, as the Java tools call it")(
      "value", po::value<std::string>(),
      "value of every record, with {{uuid}}, {{now}}, {{seq}} and {{run_id}} filled in")(
      "value-file", po::value<std::string>(), "the same from a file")(
      "key,k", po::value<std::string>(), "key of every record")("keys", po::value<cli::CountArg>(),
                                                                "generate so many different keys")(
      "header,H", po::value<Headers>(), "header, name=value (repeatable)")(
      "key-delimiter,K", po::value<std::string>(), "standard input: splits key from value")(
      "acks,a", po::value<std::string>(), "0, 1 or all (all)")(
      "idempotence", po::value<std::string>(), "auto, on or off (auto: where the broker has it)")(
      "producers", po::value<cli::CountArg>(), "logical producers that share the connection (1)")(
      "producer-id", po::value<cli::CountArg>(), "identity's number of the first of them")(
      "shard", po::value<cli::ShardArg>(), "i/N: do the i-th of N shares of --count and --rate")(
      "series", po::value<std::string>(), tool::kSeriesHelp)("tally", po::value<std::string>(),
                                                             kTallyHelp);
  return out;
}

template <typename Arg>
auto either(const tool::Session& s, const char* name, const char* alias, Arg otherwise) {
  return s.option<Arg>(name, s.option<Arg>(alias, otherwise)).value;
}

std::vector<client::Header> headers_of(const tool::Session& s) {
  std::vector<client::Header> out;
  for (const auto& [name, value] : s.option<Headers>("header", {})) out.push_back({name, value});
  return out;
}

// The i-th of N equal shares; the first ones take what does not divide.
std::uint64_t share(std::uint64_t total, const cli::ShardArg& shard) {
  return total / shard.count + (shard.index < total % shard.count ? 1 : 0);
}

cli::Result<std::size_t> size_of(const tool::Session& s) {
  const std::uint64_t size = either<cli::SizeArg>(s, "size", "record-size", {100});
  if (size < history::kIdentityBytes)
    return cli::fail("value too small for the identity", "--size", "use 32 or more");
  constexpr std::uint64_t kMostBytes = 1'000'000'000;
  if (size > kMostBytes)
    return cli::fail("value too large", "--size", "Kafka's limit is below 1 GB");
  return size;
}

// Of this shard; 0 where none is given. The schedule counts in thousandths of a record a second.
cli::Result<double> rate_of(const tool::Session& s, const cli::ShardArg& shard) {
  if (!s.has("rate") && !s.has("throughput")) return 0;
  const double rate = either<cli::RateArg>(s, "rate", "throughput", {}) / shard.count;
  constexpr double kLowest = 1e-3;
  constexpr double kHighest = 1e9;
  if (rate >= kLowest && rate <= kHighest) return rate;
  return cli::fail("rate out of range", "--rate",
                   "give 0.001/s to 1000000000/s a shard, or leave it out: as fast as it goes");
}

cli::Result<std::uint32_t> producers_of(const tool::Session& s) {
  const std::uint64_t producers = s.option<cli::CountArg>("producers", {1}).value;
  if (producers == 0 || producers > kMostProducers)
    return cli::fail("not between 1 and 65536", "--producers");
  return static_cast<std::uint32_t>(producers);
}

cli::Result<std::optional<ValueTemplate>> value_of(const tool::Session& s) {
  if (!s.has("value") && !s.has("value-file")) return std::optional<ValueTemplate>();
  for (const char* other : {"size", "record-size"}) {
    if (s.has(other)) return cli::fail("a value is given, too", std::string("--") + other);
  }
  if (s.has("value") && s.has("value-file"))
    return cli::fail("--value is there, too", "--value-file");
  auto text = s.has("value") ? cli::Result<std::string>(s.option<std::string>("value", ""))
                             : cli::read_file(s.option<std::string>("value-file", ""));
  if (!text) return tl::make_unexpected(text.error());
  auto value = ValueTemplate::parse(*text, s.result.run_id);
  if (!value) return tl::make_unexpected(value.error());
  return std::optional(std::move(*value));
}

cli::Result<ProducePlan> plan_of(const tool::Session& s) {
  ProducePlan plan;
  if (!s.has("topic")) return cli::fail("no topic", "--topic", "give one with -t");
  const auto size = size_of(s);
  if (!size) return tl::make_unexpected(size.error());
  const auto shard = s.option<cli::ShardArg>("shard", {});
  const auto rate = rate_of(s, shard);
  if (!rate) return tl::make_unexpected(rate.error());
  const auto producers = producers_of(s);
  if (!producers) return tl::make_unexpected(producers.error());
  plan.topic = s.option<std::string>("topic", "");
  plan.partition = s.option<cli::PartitionArg>("partition", {client::kAnyPartition}).value;
  if (s.has("count") || s.has("num-records")) {
    plan.count = share(either<cli::CountArg>(s, "count", "num-records", {}), shard);
  }
  if (s.has("duration")) plan.duration = s.option<cli::DurationArg>("duration", {}).value;
  plan.until_stopped = s.has("until-stopped");
  if (plan.until_stopped && (plan.count || plan.duration))
    return cli::fail("not with --count or --duration", "--until-stopped", "give one end");
  plan.rate_per_s = *rate;
  plan.most_lag = s.option<cli::DurationArg>("most-lag", {plan.most_lag}).value;
  plan.size = *size;
  auto value = value_of(s);
  if (!value) return tl::make_unexpected(value.error());
  plan.value = std::move(*value);
  plan.key = s.option<std::string>("key", "");
  plan.keys = s.option<cli::CountArg>("keys", {}).value;
  plan.headers = headers_of(s);
  plan.producers = *producers;
  plan.flush_timeout = s.timeout + std::chrono::seconds(2);
  return plan;
}

// What librdkafka knows by two names, by the one that is looked at here.
cli::Result<void> unify_names(std::map<std::string, std::string>& properties) {
  constexpr std::array<std::pair<const char*, const char*>, 4> kNames{
      {{"request.required.acks", "acks"},
       {"max.in.flight", "max.in.flight.requests.per.connection"},
       {"delivery.timeout.ms", "message.timeout.ms"},
       {"retries", "message.send.max.retries"}}};
  for (const auto& [alias, name] : kNames) {
    const auto given = properties.extract(alias);
    if (given.empty()) continue;
    const auto [known, is_new] = properties.try_emplace(name, given.mapped());
    if (!is_new && known->second != given.mapped()) {
      return cli::fail("another value than that of " + std::string(name) + ", which is the same",
                       "-X " + std::string(alias), "give one of them");
    }
  }
  return {};
}

}  // namespace

cli::Result<void> take_guarantees(const tool::Session& s,
                                  std::map<std::string, std::string>& properties) {
  if (auto unified = unify_names(properties); !unified) return unified;
  const std::string acks = s.option<std::string>("acks", "all");
  const std::string wanted = s.option<std::string>("idempotence", "auto");
  if (acks != "0" && acks != "1" && acks != "all" && acks != "-1")
    return cli::fail("not 0, 1 or all", "--acks");
  if (wanted != "auto" && wanted != "on" && wanted != "off")
    return cli::fail("not auto, on or off", "--idempotence");
  const bool offered = s.broker_versions.offers(wire::ApiKey::kInitProducerId);
  if (wanted == "on" && !offered)
    return cli::fail("the broker offers no InitProducerId", "--idempotence on",
                     "use --idempotence auto");
  const std::string& used = properties.try_emplace("acks", acks).first->second;
  const bool all = used == "all" || used == "-1";
  const bool idempotent = wanted == "on" || (wanted == "auto" && offered && all);
  properties.try_emplace("enable.idempotence", idempotent ? "true" : "false");
  // Without idempotence a retry may overtake the next batch; order can then only be judged with one
  // request in flight.
  if (!idempotent) properties.try_emplace("max.in.flight.requests.per.connection", "1");
  properties.try_emplace("message.timeout.ms", std::to_string(std::max<std::int64_t>(
                                                   1, s.timeout / std::chrono::milliseconds(1))));
  return {};
}

namespace {

// As fast as it goes batches fill by themselves. librdkafka spins while one that need not be filled
// any longer may not be sent yet.
void fill_batches(client::Config& config) {
  if (config.implementation != client::Implementation::kLibrdkafka) return;
  if (config.properties.count("queue.buffering.max.ms") != 0) return;
  config.properties.try_emplace("linger.ms", "500");
}

std::uint16_t random_producer() { return static_cast<std::uint16_t>(std::random_device{}()); }

cli::Result<std::uint16_t> first_producer(const tool::Session& s, std::uint32_t count) {
  const bool chosen = s.has("producer-id") || s.has("shard");
  if (!chosen && !s.history_dir.empty()) return history::claim_producers(s.history_dir, count);
  if (!chosen) return random_producer();
  const std::uint64_t by_shard = std::uint64_t{s.option<cli::ShardArg>("shard", {}).index} * count;
  const std::uint64_t first = s.option<cli::CountArg>("producer-id", {by_shard}).value;
  if (first > kMostProducers - count) {
    return cli::fail("producer numbers end at 65535", "--producer-id " + std::to_string(first),
                     "use lower numbers or fewer producers");
  }
  return static_cast<std::uint16_t>(first);
}

}  // namespace

history::Head head_of(const std::map<std::string, std::string>& properties) {
  const auto get = [&](const char* name) {
    const auto found = properties.find(name);
    return found == properties.end() ? std::string() : found->second;
  };
  const bool idempotent = get("enable.idempotence") == "true";
  const std::string in_flight = get("max.in.flight.requests.per.connection");
  const bool retries = get("message.send.max.retries") != "0";
  const std::string acks = get("acks");
  history::Head head;
  head.in_order = idempotent || in_flight == "1";
  head.retries_may_duplicate = !idempotent && retries;
  head.acks = acks == "0" || acks == "1" ? acks.front() - '0' : -1;
  return head;
}

namespace {

cli::Result<void> run(tool::Session& s) {
  if (!s.words.empty())
    return cli::fail("unknown word '" + s.words.front() + "'", {}, "see --help");
  auto plan = plan_of(s);
  if (!plan) return tl::make_unexpected(plan.error());
  s.runs_until_stopped = plan->until_stopped;
  auto tally = open_tally(s);
  if (!tally) return tl::make_unexpected(tally.error());
  plan->tally = tally->get();
  auto config = s.connect({client::Operation::kProduce});
  if (!config) return tl::make_unexpected(config.error());
  if (auto ok = take_guarantees(s, config->properties); !ok) return ok;
  const auto number = first_producer(s, plan->producers);
  if (!number) return tl::make_unexpected(number.error());

  const auto history = s.open_history(head_of(config->properties));
  if (!history) return tl::make_unexpected(history.error());
  const bool from_stdin = !plan->count && !plan->duration && !plan->until_stopped;
  if (from_stdin && plan->value) {
    return cli::fail("standard input has the values", "--value", "give --count or --duration");
  }
  if (plan->rate_per_s == 0 && !from_stdin) fill_batches(*config);
  std::optional<ProduceRun> produce;  // its values outlive the producer that sends them
  auto producer = client::make_producer(
      *config, plan->topic, [&](auto deliveries) { produce->on_deliveries(deliveries); });
  if (!producer) return tl::make_unexpected(producer.error());
  const auto partitions = (*producer)->partitions(s.deadline());
  if (!partitions) {
    // Where it is a refusal, that may be what is expected.
    s.result.metrics["attempted_records"] = s.result.metrics["acked_records"] = 0;
    return tl::make_unexpected(partitions.error());
  }
  plan->partitions = *partitions;
  if (plan->partition >= *partitions) {
    return cli::fail("no such partition",
                     client::TopicPartition{plan->topic, plan->partition}.text(),
                     "it has " + std::to_string(*partitions));
  }
  cli::Progress progress;
  progress.begin(plan->topic, plan->duration.value_or(cli::Duration{}));
  plan->progress = &progress;
  produce.emplace(*plan, s.result.run_id, *number, history->get());
  const std::string delimiter = s.option<std::string>("key-delimiter", "");
  auto outcome =
      produce->run(**producer, from_stdin ? lines_of(STDIN_FILENO, delimiter) : Source());
  progress.clear();
  produce->fill(s.result, s.judge());
  const auto written = tool::write_series(s, produce->take_series());
  return outcome ? written : outcome;
}

}  // namespace

tool::Spec produce_command() {
  return {"ks-produce",
          "-t TOPIC [--count N | --duration D] [options]",
          kAbout,
          options(),
          std::chrono::seconds(30),
          true,
          run,
          client::Implementation::kLibrdkafka,
          "the delivery of each record"};
}

}  // namespace ks::workload
