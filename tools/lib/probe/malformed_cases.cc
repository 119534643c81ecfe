#include "lib/probe/malformed_cases.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <random>

#include "lib/probe/records.h"
#include "lib/wire/bytes.h"
#include "lib/wire/call.h"
#include "lib/wire/record_batch.h"

namespace ks::probe {
namespace {

using wire::ApiKey;
using wire::ByteWriter;
using wire::Value;

constexpr std::size_t kRoom = wire::Connection::kLengthBytes;

class Maker {
 public:
  Maker(const wire::ApiVersions& versions, const Subject& subject, const std::string& client_id,
        std::uint64_t seed)
      : versions_(versions), subject_(subject), client_id_(client_id), random_(seed) {}

  MalformedCase length_only();
  MalformedCase short_frame();
  MalformedCase unfinished_frame();
  MalformedCase truncated_body();
  MalformedCase trailing_bytes();
  MalformedCase absurd_count();
  MalformedCase absurd_string();
  MalformedCase bad_utf8();
  MalformedCase garbage_body();
  MalformedCase garbage();
  MalformedCase bad_crc();
  MalformedCase bad_batch();

 private:
  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
  std::string random_bytes(std::size_t count) {
    std::string bytes(count, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random_());
    return bytes;
  }
  template <typename T>
  T one_of(std::initializer_list<T> all) {
    return all.begin()[below(all.size())];
  }

  std::int16_t version_of(ApiKey api) const {
    return std::min(versions_.range(api).max, wire::find_api(api)->versions.max);
  }
  // A valid request of an API that only reads, and what it is called.
  MalformedCase valid(ApiKey api);
  MalformedCase valid_reader() {
    return valid(one_of({ApiKey::kFetch, ApiKey::kListOffsets, ApiKey::kFindCoordinator}));
  }
  MalformedCase with_records(const std::string& what, std::string records);
  // ListOffsets up to where its array of topics begins, in its last version with four-byte lengths.
  MalformedCase list_offsets_head();

  const wire::ApiVersions& versions_;
  const Subject& subject_;
  const std::string& client_id_;
  std::mt19937_64 random_;
};

MalformedCase Maker::valid(ApiKey api) {
  const std::int16_t version = std::max<std::int16_t>(version_of(api), 0);
  const auto fields = valid_request(api, version, subject_);
  const std::string name =
      wire::api_name(static_cast<std::int16_t>(api)) + " v" + std::to_string(version);
  return {name,
          wire::encode_call(api, version, fields.value_or(Value::structure()), client_id_)
              .value_or(std::string(kRoom, '\0')),
          true, api, version};
}

MalformedCase Maker::length_only() {
  const auto length = one_of<std::int32_t>({-1, std::numeric_limits<std::int32_t>::min(), 0,
                                            std::numeric_limits<std::int32_t>::max(), 1 << 30});
  MalformedCase out{"length " + std::to_string(length), {}, false};
  ByteWriter(out.bytes).integer(length);
  // Nothing forbids to wait for what was announced; a length of 0 is for the reader to shrug off.
  out.may_wait = length >= 0;
  return out;
}

MalformedCase Maker::short_frame() {
  const auto length = static_cast<std::int32_t>(1 + below(7));
  MalformedCase out{"frame of " + std::to_string(length) + " bytes", {}, false};
  ByteWriter(out.bytes).integer(length);
  out.bytes += random_bytes(static_cast<std::size_t>(length));
  return out;
}

MalformedCase Maker::unfinished_frame() {
  MalformedCase out = valid_reader();
  const std::size_t whole = out.bytes.size() - kRoom;
  std::string length;
  ByteWriter(length).integer(static_cast<std::int32_t>(whole));
  const std::size_t kept = below(whole);
  out.name += ": " + std::to_string(kept) + " of " + std::to_string(whole) + " bytes of a frame";
  out.bytes = length + out.bytes.substr(kRoom, kept);
  out.framed = false;
  out.may_wait = true;
  return out;
}

MalformedCase Maker::truncated_body() {
  MalformedCase out = valid_reader();
  constexpr std::size_t kFixedHeader = 8;
  const std::size_t whole = out.bytes.size() - kRoom;
  const std::size_t kept = kFixedHeader + below(whole - kFixedHeader);
  out.name += ": cut after " + std::to_string(kept) + " of " + std::to_string(whole) + " bytes";
  out.bytes.resize(kRoom + kept);
  return out;
}

MalformedCase Maker::trailing_bytes() {
  MalformedCase out = valid_reader();
  const std::size_t more = 1 + below(16);
  out.name += ": " + std::to_string(more) + " bytes too many";
  out.bytes += random_bytes(more);
  return out;
}

MalformedCase Maker::list_offsets_head() {
  constexpr std::int16_t kLastInflexible = 5;
  const std::int16_t version =
      std::clamp<std::int16_t>(version_of(ApiKey::kListOffsets), 0, kLastInflexible);
  MalformedCase out{"ListOffsets v" + std::to_string(version), std::string(kRoom, '\0'), true,
                    ApiKey::kListOffsets, version};
  ByteWriter writer(out.bytes);
  writer.integer(static_cast<std::int16_t>(ApiKey::kListOffsets));
  writer.integer(version);
  writer.integer(std::int32_t{0});  // correlation id, written by Connection::send
  writer.integer(static_cast<std::int16_t>(client_id_.size()));
  writer.bytes(client_id_);
  writer.integer(std::int32_t{-1});  // replica id
  constexpr std::int16_t kFirstWithIsolation = 2;
  if (version >= kFirstWithIsolation) writer.integer(std::int8_t{0});
  return out;
}

MalformedCase Maker::absurd_count() {
  MalformedCase out = list_offsets_head();
  const auto count = one_of<std::int32_t>({std::numeric_limits<std::int32_t>::max(), 1 << 28, -2,
                                           std::numeric_limits<std::int32_t>::min()});
  out.name += ": an array of " + std::to_string(count);
  ByteWriter(out.bytes).integer(count);
  return out;
}

MalformedCase Maker::absurd_string() {
  MalformedCase out = list_offsets_head();
  const auto length = one_of<std::int16_t>({std::numeric_limits<std::int16_t>::max(), -2});
  out.name += ": a string of " + std::to_string(length) + " bytes";
  ByteWriter writer(out.bytes);
  writer.integer(std::int32_t{1});
  writer.integer(length);
  writer.bytes("topic");
  return out;
}

MalformedCase Maker::bad_utf8() {
  MalformedCase out = list_offsets_head();
  const std::string name = one_of<const char*>({"\xff\xfe", "\xc3\x28", "\xed\xa0\x80", "\x80"});
  out.name += ": a topic's name that is not UTF-8";
  ByteWriter writer(out.bytes);
  writer.integer(std::int32_t{1});
  writer.integer(static_cast<std::int16_t>(name.size()));
  writer.bytes(name);
  writer.integer(std::int32_t{0});  // partitions
  return out;
}

MalformedCase Maker::garbage_body() {
  MalformedCase out = valid_reader();
  constexpr std::size_t kFixedHeader = 8;
  out.name += ": garbage behind the API and version";
  out.bytes.resize(kRoom + kFixedHeader);
  out.bytes += random_bytes(1 + below(200));
  return out;
}

MalformedCase Maker::garbage() {
  MalformedCase out{"garbage", random_bytes(8 + below(200)), false};
  out.bytes[0] = '\x7f';  // the length is huge: nothing of it may be taken for a request
  out.may_wait = true;
  return out;
}

MalformedCase Maker::with_records(const std::string& what, std::string records) {
  MalformedCase out = valid(ApiKey::kProduce);
  auto fields = valid_request(ApiKey::kProduce, out.version, subject_);
  const Value topic = (*fields)["topic_data"][0];
  fields->set(
      "topic_data",
      Value::array({{{"name", topic["name"]},
                     {"topic_id", topic["topic_id"]},
                     {"partition_data",
                      Value::array({{{"index", 0},
                                     {"records", Value::owned_bytes(std::move(records))}}})}}}));
  out.name += ": " + what;
  out.bytes = wire::encode_call(ApiKey::kProduce, out.version, *fields, client_id_)
                  .value_or(std::string(kRoom, '\0'));
  return out;
}

MalformedCase Maker::bad_crc() {
  std::string records = one_record(version_of(ApiKey::kProduce));
  const std::size_t at = one_of<std::size_t>({wire::kBatchCrcAt, records.size() - 1});
  records[at] = static_cast<char>(records[at] ^ (1 << below(8)));
  MalformedCase out = with_records("a bit flipped in byte " + std::to_string(at) + " of a batch",
                                   std::move(records));
  out.corrupt_batch = true;
  return out;
}

MalformedCase Maker::bad_batch() {
  std::string records = one_record(version_of(ApiKey::kProduce));
  switch (below(4)) {
    case 0:
      records.resize(below(records.size()));
      return with_records("a batch cut to " + std::to_string(records.size()) + " bytes", records);
    case 1:
      records[wire::kBatchMagicAt] = 9;
      return with_records("a batch of magic 9", records);
    case 2:
      records.replace(wire::kBatchLengthEnd - 4, 4, "\x7f\xff\xff\xff");
      return with_records("a batch with a length of 2 GiB", records);
    default:
      return with_records("garbage for a batch", random_bytes(1 + below(200)));
  }
}

}  // namespace

std::vector<MalformedCase> malformed_cases(const wire::ApiVersions& versions,
                                           const Subject& subject, const std::string& client_id,
                                           std::uint64_t seed, std::size_t count) {
  constexpr std::array kMakers{
      &Maker::bad_crc,      &Maker::bad_batch,      &Maker::length_only,
      &Maker::short_frame,  &Maker::truncated_body, &Maker::trailing_bytes,
      &Maker::absurd_count, &Maker::absurd_string,  &Maker::bad_utf8,
      &Maker::garbage_body, &Maker::garbage,        &Maker::unfinished_frame,
  };
  Maker maker(versions, subject, client_id, seed);
  std::vector<MalformedCase> cases;
  for (std::size_t i = 0; i < count; ++i) cases.push_back((maker.*kMakers[i % kMakers.size()])());
  return cases;
}

}  // namespace ks::probe
