#include "lib/client/fetcher.h"

#include <algorithm>
#include <utility>

#include "lib/client/consumed_record.h"
#include "lib/client/requests.h"
#include "lib/wire/bytes.h"
#include "lib/wire/error_code.h"

namespace ks::client {
namespace {

using wire::ApiKey;
using wire::ErrorCode;
using wire::Value;

// Beyond this the application is slower than the brokers; nothing more is asked for meanwhile.
constexpr std::size_t kMostWaitingBytes = 64UL << 20;

// A topic that was just created or deleted is unknown to some brokers for a moment.
constexpr auto kUnknownIsAnErrorAfter = std::chrono::seconds(2);

// Where to go on behind the whole batches of `records`, by their headers alone.
std::int64_t next_offset(std::string_view records, std::int64_t otherwise) {
  while (records.size() >= wire::kBatchMagicAt + 1) {
    wire::ByteReader header(records);
    const auto base_offset = header.integer<std::int64_t>();
    const auto length = header.integer<std::int32_t>();
    if (length < 0 || static_cast<std::size_t>(length) > header.left()) break;
    header.integer<std::int32_t>();  // the leader epoch, or a message's CRC
    const auto magic = header.integer<std::int8_t>();
    header.integer<std::uint32_t>();  // the CRC
    header.integer<std::int16_t>();   // the attributes
    const auto last_delta = header.integer<std::int32_t>();
    if (!header.ok()) break;
    otherwise = base_offset + (magic >= 2 ? last_delta : 0) + 1;
    records.remove_prefix(wire::kBatchLengthEnd + static_cast<std::size_t>(length));
  }
  return otherwise;
}

std::int16_t error_code(const Value& of) {
  return static_cast<std::int16_t>(of["error_code"].as_int());
}

}  // namespace

// ---- what to fetch ------------------------------------------------------------------------------

void Fetcher::assign(const std::vector<Position>& positions) {
  partitions_.clear();
  add(positions);
}

void Fetcher::add(const std::vector<Position>& positions) {
  ++assignment_;
  for (const Position& position : positions) {
    Partition partition;
    partition.position = partition.fetch_offset = position.offset;
    partition.max_bytes = cluster_.options().partition_fetch_bytes;
    partition.assignment = assignment_;
    partitions_[position.at] = partition;
  }
}

void Fetcher::remove(const std::vector<TopicPartition>& partitions) {
  for (const TopicPartition& at : partitions) partitions_.erase(at);
}

// ---- requests -----------------------------------------------------------------------------------

void Fetcher::pump() {
  if (answer_bytes_ > kMostWaitingBytes) return;
  const cli::Deadline now = cli::Clock::now();
  cli::Deadline next = cli::Deadline::max();
  std::map<std::string, std::pair<wire::Address, std::vector<TopicPartition>>> by_broker;
  for (auto& [at, partition] : partitions_) {
    if (partition.busy || partition.failed) continue;
    if (partition.not_before > now) {
      next = std::min(next, partition.not_before);
      continue;
    }
    const wire::Address* leader = metadata_is_stale_ ? nullptr : cluster_.leader(at);
    if (leader == nullptr) {
      request_metadata();
    } else if (partition.fetch_offset < 0) {
      look_up_start(at, partition);
    } else if (asked_brokers_.count(leader->text()) == 0) {
      auto& [address, asked] = by_broker[leader->text()];
      address = *leader;
      asked.push_back(at);
    }
  }
  for (const auto& [name, request_of] : by_broker) request(request_of.first, request_of.second);
  if (next != cli::Deadline::max()) timer_.set(next, [this] { pump(); });
}

void Fetcher::pause(Partition& partition) {
  partition.not_before = cli::Clock::now() + cluster_.options().retry_backoff;
}

void Fetcher::request_metadata() {
  if (asking_metadata_) return;
  asking_metadata_ = true;
  std::set<std::string> topics;
  for (const auto& [at, partition] : partitions_) topics.insert(at.topic);
  cluster_.refresh(topics, false, cli::Clock::now() + cluster_.options().request_timeout,
                   [this](const cli::Result<void>& done) {
                     asking_metadata_ = false;
                     metadata_is_stale_ = !done;
                     if (!done) troubles_.push_back({done.error(), true});
                     for (auto& [at, partition] : partitions_) {
                       if (done && cluster_.leader(at) == nullptr && !partition.busy) {
                         handle_error("fetch", at, partition, cluster_.error_of(at));
                       } else if (!done) {
                         pause(partition);
                       }
                     }
                     pump();
                   });
}

void Fetcher::look_up_start(const TopicPartition& at, Partition& partition) {
  partition.busy = true;
  const Asked asked{at, partition.assignment, partition.max_bytes};
  const std::int64_t time = partition.fetch_offset;
  cluster_.link(*cluster_.leader(at))
      .call(
          ApiKey::kListOffsets,
          [at, time](std::int16_t) -> cli::Result<Value> {
            return list_offsets_request({{at, time}});
          },
          cli::Clock::now() + cluster_.options().request_timeout,
          [this, asked](const cli::Result<wire::Reply>& reply) {
            if (!reply) return fail_asked({asked}, reply.error());
            Partition* found = find(asked);
            if (found == nullptr) return;
            found->busy = false;
            start_at(asked.at, *found, find_partition(reply->body["topics"], asked.at));
            pump();
          });
}

void Fetcher::start_at(const TopicPartition& at, Partition& partition, const Value* answer) {
  const std::int16_t code = answer == nullptr ? std::int16_t{0} : error_code(*answer);
  const std::int64_t offset = answer == nullptr ? -1 : (*answer)["offset"].as_int();
  if (code == 0 && offset >= 0) {
    partition.position = partition.fetch_offset = offset;
    partition.unknown_since = {};
    return;
  }
  pause(partition);
  if (code != 0) return handle_error("ListOffsets", at, partition, code);
  metadata_is_stale_ = true;
  troubles_.push_back({{answer == nullptr ? "ListOffsets answered without the partition"
                                          : "ListOffsets answered without an offset",
                        at.text(), ""},
                       true});
}

Value Fetcher::fetch_request(const std::vector<TopicPartition>& partitions) const {
  std::map<std::string, Value::Array> by_name;
  for (const TopicPartition& at : partitions) {
    const Partition& partition = partitions_.at(at);
    by_name[at.topic].push_back({{"partition", at.partition},
                                 {"fetch_offset", partition.fetch_offset},
                                 {"partition_max_bytes", partition.max_bytes}});
  }
  Value::Array topics;
  for (auto& [name, list] : by_name) {
    topics.push_back(
        {{"topic", name}, {"topic_id", cluster_.topic(name)->id}, {"partitions", std::move(list)}});
  }
  const WireOptions& options = cluster_.options();
  return {{"max_wait_ms", static_cast<std::int32_t>(cli::to_ms(options.fetch_wait))},
          {"min_bytes", options.fetch_min_bytes},
          {"max_bytes", options.fetch_bytes},
          {"topics", std::move(topics)}};
}

void Fetcher::request(const wire::Address& broker, const std::vector<TopicPartition>& partitions) {
  std::vector<Asked> asked;
  for (const TopicPartition& at : partitions) {
    Partition& partition = partitions_.at(at);
    partition.busy = true;
    asked.push_back({at, partition.assignment, partition.max_bytes});
  }
  asked_brokers_.insert(broker.text());
  // The request is made now: it may be sent later, when the partitions were taken away.
  cluster_.link(broker).call(
      ApiKey::kFetch,
      [fields = fetch_request(partitions)](std::int16_t) -> cli::Result<Value> { return fields; },
      cli::Clock::now() + cluster_.options().request_timeout,
      [this, broker, asked = std::move(asked),
       asked_ns = cli::monotonic_ns()](cli::Result<wire::Reply> reply) mutable {
        on_reply(broker, std::move(asked), asked_ns, std::move(reply));
      });
}

void Fetcher::on_reply(const wire::Address& broker, std::vector<Asked> asked, std::int64_t asked_ns,
                       cli::Result<wire::Reply> reply) {
  asked_brokers_.erase(broker.text());
  if (!reply) return fail_asked(asked, reply.error());
  if (const std::int16_t code = error_code(reply->body); code != 0) {
    const std::string name = wire::error_name(code);
    return fail_asked(asked, {"Fetch failed: " + name, broker.text(), "", name});
  }
  Answer answer{std::move(*reply), std::move(asked), asked_ns};
  look_ahead(answer);
  answer_bytes_ += answer.reply.frame.view().size();
  answers_.push_back(std::move(answer));
  pump();
}

void Fetcher::fail_asked(const std::vector<Asked>& asked, const cli::Error& error) {
  troubles_.push_back({error, true});
  metadata_is_stale_ = true;
  for (const Asked& one : asked) {
    if (Partition* partition = find(one)) {
      partition->busy = false;
      pause(*partition);
    }
  }
  pump();
}

Fetcher::Partition* Fetcher::find(const Asked& asked) {
  const auto found = partitions_.find(asked.at);
  const bool current = found != partitions_.end() && found->second.assignment == asked.assignment;
  return current ? &found->second : nullptr;
}

// ---- answers ------------------------------------------------------------------------------------

// Calls `take(asked, data)` for each partition of the answer; both exist on both sides, since what
// was not asked for is skipped, and what was asked for and is missing comes with null data.
template <typename Take>
void Fetcher::for_each(const Answer& answer, const Take& take) {
  std::set<TopicPartition> answered;
  for (const Value& topic : answer.reply.body["responses"].items()) {
    for (const Value& data : topic["partitions"].items()) {
      for (const Asked& asked : answer.asked) {
        const TopicMetadata* known = cluster_.topic(asked.at.topic);
        const bool same_topic = topic["topic"].as_string() == asked.at.topic ||
                                (known != nullptr && known->id != wire::Uuid{} &&
                                 known->id == topic["topic_id"].as_uuid());
        if (same_topic && data["partition_index"].as_int() == asked.at.partition) {
          answered.insert(asked.at);
          take(asked, &data);
        }
      }
    }
  }
  for (const Asked& asked : answer.asked) {
    if (answered.count(asked.at) == 0) take(asked, nullptr);
  }
}

// So that the next request can be sent before the application looked at this answer.
void Fetcher::look_ahead(const Answer& answer) {
  for_each(answer, [this](const Asked& asked, const Value* data) {
    Partition* partition = find(asked);
    if (partition == nullptr || data == nullptr || error_code(*data) != 0) return;
    partition->fetch_offset = next_offset((*data)["records"].as_bytes(), partition->fetch_offset);
    partition->busy = false;
  });
}

void Fetcher::deliver(ConsumerListener& listener) {
  for (const Trouble& trouble : std::exchange(troubles_, {})) {
    trouble.is_transient ? listener.on_transient(trouble.error) : listener.on_error(trouble.error);
  }
  if (answers_.empty()) return;
  const Answer answer = std::move(answers_.front());
  answers_.pop_front();
  answer_bytes_ -= answer.reply.frame.view().size();
  for_each(answer, [&](const Asked& asked, const Value* data) {
    Partition* partition = find(asked);
    if (partition == nullptr) return;
    if (data == nullptr) {
      partition->busy = false;
      listener.on_error({"Fetch answered without the partition", asked.at.text(), ""});
      return pause(*partition);
    }
    if (error_code(*data) == 0) {
      listener.on_high_watermark(asked.at, (*data)["high_watermark"].as_int(), answer.asked_ns);
    }
    deliver_partition(asked, *partition, *data, listener);
  });
  pump();
}

void Fetcher::deliver_partition(const Asked& asked, Partition& partition, const Value& data,
                                ConsumerListener& listener) {
  const TopicPartition& at = asked.at;
  if (const std::int16_t code = error_code(data); code != 0) {
    partition.busy = false;
    return handle_error("fetch", at, partition, code);
  }
  partition.unknown_since = {};
  if (data["records"].is_null()) {
    cluster_.note(wire::FindingId::kNullRecords,
                  at.text() + " at offset " + std::to_string(partition.position));
  }
  deliver_records(asked, partition, data["records"].as_bytes(), listener);
  const std::int64_t end = data["high_watermark"].as_int();
  if (partition.position >= end && partition.told_end != partition.position) {
    partition.told_end = partition.position;
    listener.on_end(at, end);
  }
}

void Fetcher::deliver_records(const Asked& asked, Partition& partition, std::string_view records,
                              ConsumerListener& listener) {
  const TopicPartition& at = asked.at;
  reader_.open(records, cluster_.options().check_crcs);
  bool any_batch = false;
  while (true) {
    const auto has_batch = reader_.next_batch();
    if (!has_batch) {
      listener.on_error({has_batch.error().what, at.text() + " " + has_batch.error().where, ""});
      continue;
    }
    if (!*has_batch) break;
    any_batch = true;
    wire::Record record;
    auto has_record = reader_.next(record);
    for (; has_record && *has_record; has_record = reader_.next(record)) {
      if (reader_.batch().control || record.offset < partition.position) continue;
      partition.position = record.offset + 1;
      listener.on_record(consumed_record(at.topic, at.partition, record));
    }
    if (!has_record) {
      listener.on_error({has_record.error().what, at.text() + " " + has_record.error().where, ""});
    }
    partition.position = std::max(partition.position, reader_.batch().last_offset + 1);
  }
  if (!any_batch && reader_.truncated()) ask_for_more(asked, partition, listener);
}

// The broker cut its answer off within the first batch.
void Fetcher::ask_for_more(const Asked& asked, Partition& partition, ConsumerListener& listener) {
  const std::int32_t most = cluster_.options().fetch_bytes;
  if (asked.max_bytes < most) {
    const std::int32_t more = asked.max_bytes > most / 2 ? most : asked.max_bytes * 2;
    partition.max_bytes = std::max(partition.max_bytes, more);
    return;
  }
  listener.on_error({"the batch is cut off, although " + std::to_string(asked.max_bytes) +
                         " bytes were asked for",
                     asked.at.text() + " at offset " + std::to_string(partition.position),
                     "raise max.partition.fetch.bytes and fetch.max.bytes"});
  pause(partition);
}

void Fetcher::handle_error(const std::string& what, const TopicPartition& at, Partition& partition,
                           std::int16_t code) {
  const std::string name = wire::error_name(code);
  cli::Error error{what + " failed: " + name, at.text(), "", name};
  const ErrorCode known = wire::to_error(code);
  if (known == ErrorCode::kOffsetOutOfRange && out_of_range_ == OutOfRange::kResets) {
    partition.fetch_offset = cluster_.options().reset_to_end ? kEnd : kBeginning;
    return;
  }
  if (known == ErrorCode::kOffsetOutOfRange) {
    partition.failed = true;
    error.what += " at offset " + std::to_string(partition.fetch_offset);
  }
  pause(partition);
  metadata_is_stale_ = metadata_is_stale_ || wire::is_stale_metadata(code);
  bool may_pass = wire::is_retriable(code);
  if (known == ErrorCode::kUnknownTopicOrPartition || known == ErrorCode::kUnknownTopicId) {
    const cli::Deadline now = cli::Clock::now();
    if (partition.unknown_since == cli::Deadline{}) partition.unknown_since = now;
    may_pass = now - partition.unknown_since < kUnknownIsAnErrorAfter;
    if (!may_pass) partition.unknown_since = now;  // said once in so long
  }
  troubles_.push_back({std::move(error), may_pass});
}

}  // namespace ks::client
