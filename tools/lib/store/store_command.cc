#include "lib/store/store_command.h"

#include <algorithm>
#include <set>

#include "lib/audit/audit.h"
#include "lib/cli/output.h"
#include "lib/client/consumed_record.h"
#include "lib/store/comparison.h"
#include "lib/store/topic.h"
#include "lib/tool/record.h"

namespace ks::store {
namespace {

namespace po = cli::po;
using Words = std::vector<std::string>;
using Store = std::unique_ptr<target::ObjectStore>;

constexpr const char* kAbout =
    R"(Reads what KafScale keeps of a topic in its object store: s3://BUCKET/NAMESPACE, or a copy of that in
a folder. verify decodes every segment and index, and compares the records with a history, or with a
file of acknowledged records. Without LOCATION it is the profile's store.url.

  ks-store ls s3://kafscale/default
  ks-store verify s3://kafscale/default -t orders --history runs/a --expect 'segments_min >= 3'
  ks-store verify copy/default -t orders --acked acked.jsonl
  ks-store dump s3://kafscale/default -t orders -p 0 | jq .offset

Credentials come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the profile's store.)";

cli::Result<Store> open(const tool::Session& s) {
  const auto& profile = s.profile.store;
  std::string location = s.words.size() > 1 ? s.words[1] : "";
  if (const auto url = profile.find("url"); location.empty() && url != profile.end()) {
    location = url->second;
  }
  if (s.words.size() > 2 || location.empty()) {
    return cli::fail(location.empty() ? "no object store" : "more than one object store", "",
                     "give s3://BUCKET/NAMESPACE or a folder, or store.url in the profile");
  }
  target::S3Access access = target::s3_access(profile);
  access.endpoint = s.option<std::string>("endpoint", access.endpoint);
  access.region = s.option<std::string>("region", access.region);
  access.timeout = s.timeout;
  return target::open_object_store(location, access);
}

cli::Result<std::string> topic_of(const tool::Session& s) {
  auto topic = s.option<std::string>("topic", "");
  if (topic.empty()) return cli::fail("no topic", "--topic");
  return topic;
}

// ---- ls -----------------------------------------------------------------------------------------

std::string number(std::int64_t value) { return std::to_string(value); }

// A line for each partition or, with --partition, for each segment.
void print_names(const tool::Session& s, const std::string& topic, const StoredPartition& stored) {
  const std::string start = topic + "\t" + number(stored.number) + "\t";
  if (s.has("partition")) {
    for (const std::int64_t base_offset : stored.base_offsets) s.print(start + number(base_offset));
  } else if (stored.segments != 0) {
    s.print(start + std::to_string(stored.segments) + "\t" + std::to_string(stored.bytes) + "\t" +
            number(stored.base_offsets.front()) + "\t" + number(stored.base_offsets.back()));
  }
}

cli::Result<void> list_topic(tool::Session& s, target::ObjectStore& store, const std::string& name,
                             const std::vector<std::int32_t>& wanted, Damages& damages) {
  auto topic = StoredTopic::find(store, name, damages);
  if (!topic) return tl::make_unexpected(topic.error());
  for (const std::int32_t partition : wanted.empty() ? topic->partitions() : wanted) {
    const auto stored = topic->list(partition, damages);
    if (!stored) return tl::make_unexpected(stored.error());
    s.result.metrics["segments"] += static_cast<double>(stored->segments);
    s.result.metrics["stored_bytes"] += static_cast<double>(stored->bytes);
    print_names(s, name, *stored);
  }
  return {};
}

cli::Result<void> list(tool::Session& s, target::ObjectStore& store) {
  const auto wanted = cli::partitions_option(s.options, "partition");
  if (!wanted) return tl::make_unexpected(wanted.error());
  auto topics = s.has("topic") ? Words{s.option<std::string>("topic", "")} : Words();
  if (topics.empty()) {
    auto all = StoredTopic::all(store);
    if (!all) return tl::make_unexpected(all.error());
    topics = std::move(*all);
  }
  Damages damages;
  s.result.metrics["topics"] = static_cast<double>(topics.size());
  s.print(s.has("partition") ? "TOPIC\tPARTITION\tBASE_OFFSET"
                             : "TOPIC\tPARTITION\tSEGMENTS\tBYTES\tFIRST_OFFSET\tNEWEST_SEGMENT");
  for (const std::string& topic : topics) {
    if (auto ok = list_topic(s, store, topic, *wanted, damages); !ok) return ok;
  }
  damages.put(s.result);
  return {};
}

// ---- dump ---------------------------------------------------------------------------------------

class Printer final : public RecordSink {
 public:
  explicit Printer(std::string topic) : topic_(std::move(topic)) {}

  void begin(std::int32_t partition) { partition_ = partition; }
  void on_segment(std::int64_t) override {}
  void on_record(const wire::Record& record) override {
    cli::print(tool::json_line(client::consumed_record(topic_, partition_, record)));
  }
  void on_unreadable(std::int64_t, std::int64_t) override {}

 private:
  std::string topic_;
  std::int32_t partition_ = 0;
};

cli::Result<void> dump(tool::Session& s, target::ObjectStore& store) {
  const auto name = topic_of(s);
  if (!name) return tl::make_unexpected(name.error());
  const auto wanted = cli::partitions_option(s.options, "partition");
  if (!wanted) return tl::make_unexpected(wanted.error());
  Damages damages;
  auto topic = StoredTopic::find(store, *name, damages);
  if (!topic) return tl::make_unexpected(topic.error());
  Printer printer(*name);
  for (const std::int32_t partition : wanted->empty() ? topic->partitions() : *wanted) {
    printer.begin(partition);
    const auto stored = topic->read(partition, damages, printer);
    if (!stored) return tl::make_unexpected(stored.error());
    s.result.metrics["stored_records"] += static_cast<double>(stored->records);
  }
  damages.put(s.result);
  return {};
}

// ---- verify -------------------------------------------------------------------------------------

// From one partition's content to the whole topic's.
void count(const StoredPartition& stored, report::Metrics& m) {
  const auto segments = static_cast<double>(stored.segments);
  m["segments_min"] = m.contains("segments_min") ? std::min(m["segments_min"], segments) : segments;
  m["segments"] += segments;
  m["partitions"] += 1;
  m["stored_records"] += static_cast<double>(stored.records);
  m["stored_bytes"] += static_cast<double>(stored.bytes);
}

cli::Result<void> judge(tool::Session& s, target::ObjectStore& store, const std::string& name,
                        const Acknowledged& acknowledged, history::Names& names,
                        verify::Checker& checker) {
  Damages damages;
  auto topic = StoredTopic::find(store, name, damages);
  if (!topic) return tl::make_unexpected(topic.error());
  Comparison comparison(acknowledged, checker, name, names.id(name));
  std::set<std::int32_t> partitions = acknowledged.partitions();
  partitions.insert(topic->partitions().begin(), topic->partitions().end());
  auto& bases = s.result.data["base_offsets"] = nlohmann::ordered_json::object();
  for (const std::int32_t partition : partitions) {
    comparison.begin(partition);
    const auto stored = topic->read(partition, damages, comparison);
    if (!stored) return tl::make_unexpected(stored.error());
    comparison.end(stored->end_offset);
    count(*stored, s.result.metrics);
    bases[std::to_string(partition)] = stored->base_offsets;
  }
  damages.put(s.result);
  return {};
}

cli::Result<void> verify_store(tool::Session& s, target::ObjectStore& store) {
  const auto name = topic_of(s);
  if (!name) return tl::make_unexpected(name.error());
  const auto allowances = audit::Allowances::parse(s.option<Words>("allow", {}));
  if (!allowances) return tl::make_unexpected(allowances.error());
  if (s.has("acked") == !s.history_dir.empty()) {
    return cli::fail("nothing to compare the store with, or two things", "",
                     "give --history DIR, or --acked FILE");
  }
  history::Names names;
  verify::Checker checker(names, {});
  HistoryAcks from_history;
  AckedFile from_file;
  const bool has_history = !s.has("acked");
  const auto given =
      has_history ? from_history.give(s.history_dir, *name, names, checker)
                  : from_file.give(s.option<std::string>("acked", ""), *name, names, checker);
  if (!given) return tl::make_unexpected(given.error());
  const Acknowledged& acknowledged =
      has_history ? static_cast<const Acknowledged&>(from_history) : from_file;
  if (auto ok = judge(s, store, *name, acknowledged, names, checker); !ok) return ok;
  verify::Verdict verdict = checker.finish();
  verdict.operations.clear();  // a store that is read says nothing about availability
  verdict.missing.insert(verdict.missing.begin(), acknowledged.missing().begin(),
                         acknowledged.missing().end());
  audit::put(verdict, *allowances, s.result);
  audit::print_figures(s);
  return {};
}

// ---- the command --------------------------------------------------------------------------------

cli::Result<void> run(tool::Session& s) {
  const std::string verb = s.words.empty() ? "" : s.words.front();
  const auto action = verb == "ls"       ? list
                      : verb == "dump"   ? dump
                      : verb == "verify" ? verify_store
                                         : nullptr;
  if (action == nullptr) {
    return cli::fail(verb.empty() ? "no command" : "unknown command '" + verb + "'", "",
                     "choose ls, dump or verify");
  }
  const auto store = open(s);
  if (!store) return tl::make_unexpected(store.error());
  return action(s, **store);
}

po::options_description options() {
  po::options_description out("Options");
  out.add_options()("topic,t", po::value<std::string>(), "topic")(
      "partition,p", po::value<std::vector<cli::PartitionArg>>(),
      "ls, dump: only this one (repeatable)")("acked", po::value<std::string>(),
                                              "verify: JSON lines of what was acknowledged")(
      "allow", po::value<Words>(), audit::kAllowHelp)("endpoint", po::value<std::string>(),
                                                      "URL of the S3 server (AWS_ENDPOINT_URL)")(
      "region", po::value<std::string>(), "its region (AWS_REGION)");
  return out;
}

}  // namespace

tool::Spec store_command() {
  return {.name = "ks-store",
          .synopsis = "ls|dump|verify [LOCATION] [-t TOPIC] [--history DIR | --acked FILE]",
          .about = kAbout,
          .options = options(),
          .needs_broker = false,
          .run = run,
          .timeout_bounds = "one request to the object store"};
}

}  // namespace ks::store
