#include "lib/history/codec.h"

#include <algorithm>
#include <bit>

namespace ks::history {
namespace {

// The order is the format. Fields that often differ come first: their mask fits one byte.
enum Field : std::size_t {
  kTime,
  kInvoke,
  kSequence,
  kOffset,
  kPartition,
  kActor,
  kCount,
  kName,
  kGroup,
  kRun,
  kProducer,
  kFlags,  // outcome and integrity
  kError,
};

EventFields to_fields(const Event& e) {
  return {e.time_ns,
          e.invoke_ns,
          static_cast<std::int64_t>(e.sequence),
          e.offset,
          e.partition,
          e.actor,
          static_cast<std::int64_t>(e.count),
          e.name,
          e.group,
          static_cast<std::int64_t>(e.run),
          e.producer,
          static_cast<std::int64_t>(e.outcome) | e.integrity << 4,
          e.error_code};
}

void to_event(const EventFields& f, Event& e) {
  e.time_ns = f[kTime];
  e.invoke_ns = f[kInvoke];
  e.sequence = static_cast<std::uint64_t>(f[kSequence]);
  e.offset = f[kOffset];
  e.partition = static_cast<std::int32_t>(f[kPartition]);
  e.actor = static_cast<std::uint32_t>(f[kActor]);
  e.count = static_cast<std::uint64_t>(f[kCount]);
  e.name = static_cast<std::uint32_t>(f[kName]);
  e.group = static_cast<std::uint32_t>(f[kGroup]);
  e.run = static_cast<std::uint64_t>(f[kRun]);
  e.producer = static_cast<std::uint16_t>(f[kProducer]);
  e.outcome = static_cast<Outcome>(f[kFlags] & 0xf);
  e.integrity = static_cast<std::uint8_t>(f[kFlags] >> 4 & 0xf);
  e.error_code = static_cast<std::int32_t>(f[kError]);
}

// The same where `e` is the event before, and only the first fields may differ: of most events.
constexpr std::size_t kOftenDifferent = kPartition;
void to_event_alike(const EventFields& f, Event& e) {
  e.time_ns = f[kTime];
  e.invoke_ns = f[kInvoke];
  e.sequence = static_cast<std::uint64_t>(f[kSequence]);
  e.offset = f[kOffset];
}

// Wrapping arithmetic: any two 64-bit values have a difference that brings one to the other.
std::int64_t wrap_add(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}
std::int64_t wrap_sub(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

// Of the next event of a kind, from the fields of the last one.
void predict(EventFields& fields, std::int64_t last_time_ns) {
  fields[kTime] = last_time_ns;
  fields[kSequence] = wrap_add(fields[kSequence], 1);
  fields[kOffset] = wrap_add(fields[kOffset], 1);
}

constexpr std::size_t kLongestVarint = 10;

char* put_varint(char* out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) *out++ = static_cast<char>(value | 0x80);
  *out++ = static_cast<char>(value);
  return out;
}

void put_varint(std::string& out, std::uint64_t value) {
  char bytes[kLongestVarint];
  out.append(bytes, put_varint(bytes, value));
}

std::uint64_t zigzag(std::int64_t value) {
  return static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
}
std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

// Null: malformed.
const char* get_varint(const char* at, const char* end, std::uint64_t& out) {
  if (at != end && static_cast<std::uint8_t>(*at) < 0x80) {  // most are
    out = static_cast<std::uint8_t>(*at);
    return at + 1;
  }
  out = 0;
  for (int shift = 0; shift < 64 && at != end; shift += 7) {
    const auto byte = static_cast<std::uint8_t>(*at++);
    out |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return at;
  }
  return nullptr;
}

}  // namespace

LastOfKinds nothing_before() {
  LastOfKinds out;
  out.fill(to_fields(Event{}));
  return out;
}

std::uint32_t BlockEncoder::local_name(std::uint32_t id) {
  const auto index = std::find(local_.begin(), local_.end(), id) - local_.begin();
  if (index == std::ssize(local_)) local_.push_back(id);
  return static_cast<std::uint32_t>(index);
}

void BlockEncoder::append_new(const Event& event) {
  put_repeats();
  expect_after(event);
  EventFields fields = to_fields(event);
  fields[kName] = local_name(event.name);
  fields[kGroup] = local_name(event.group);
  EventFields& predicted = last_[static_cast<std::uint8_t>(event.kind)];
  predict(predicted, last_time_ns_);
  std::uint64_t mask = 0;
  for (std::size_t i = 0; i < kEventFields; ++i) {
    mask |= static_cast<std::uint64_t>(fields[i] != predicted[i]) << i;
  }
  char bytes[1 + kLongestVarint * (1 + kEventFields)];
  char* end = bytes;
  *end++ = static_cast<char>(event.kind);
  end = put_varint(end, mask);
  for (; mask != 0; mask &= mask - 1) {
    const auto i = static_cast<std::size_t>(std::countr_zero(mask));
    end = put_varint(end, zigzag(wrap_sub(fields[i], predicted[i])));
  }
  events_.append(bytes, end);
  predicted = fields;
  last_time_ns_ = event.time_ns;
}

void BlockEncoder::put_repeats() {
  if (repeats_ == 0) return;
  events_.push_back(static_cast<char>(kNoKind));
  put_varint(events_, repeats_);
  EventFields& last = last_[static_cast<std::uint8_t>(expected_.kind)];
  last[kSequence] = wrap_add(last[kSequence], static_cast<std::int64_t>(repeats_));
  last[kOffset] = wrap_add(last[kOffset], static_cast<std::int64_t>(repeats_));
  repeats_ = 0;
}

std::string BlockEncoder::take() {
  put_repeats();
  std::string block;
  put_varint(block, local_.size());
  for (const std::uint32_t id : local_) {
    const std::string& text = names_.text(id);
    put_varint(block, text.size());
    block += text;
  }
  block += events_;
  events_.clear();
  local_.clear();
  last_ = nothing_before();
  last_time_ns_ = 0;
  expected_.kind = kNoKind;
  return block;
}

BlockDecoder::BlockDecoder(std::string_view block, Names& names)
    : begin_(block.data()), at_(block.data()), end_(block.data() + block.size()) {
  std::uint64_t count = 0;
  std::uint64_t length = 0;
  const char* at = get_varint(at_, end_, count);
  for (std::uint64_t i = 0; at != nullptr && i < count; ++i) {
    at = get_varint(at, end_, length);
    if (at == nullptr || length > static_cast<std::uint64_t>(end_ - at)) break;
    names_.push_back(names.id({at, length}));
    at += length;
  }
  if (at == nullptr || names_.size() != count) {
    fail("malformed names");
  } else {
    at_ = at;
  }
}

bool BlockDecoder::fail(const char* what) {
  damage_ = {what, "block offset " + std::to_string(at_ - begin_), ""};
  return false;
}

bool BlockDecoder::next(Event& event) {
  if (repeats_ == 0) return decode(event);
  --repeats_;
  EventFields& fields = last_[kind_];
  predict(fields, last_time_ns_);
  to_event_alike(fields, event);
  return true;
}

bool BlockDecoder::decode(Event& event) {
  if (at_ == end_ || damage_) return false;
  const auto kind = static_cast<std::uint8_t>(*at_);
  if (kind == static_cast<std::uint8_t>(kNoKind)) return decode_repeats() && next(event);
  if (kind > kLastKind) return fail("unknown kind of event");
  EventFields& fields = last_[kind];
  predict(fields, last_time_ns_);
  std::uint64_t mask = 0;
  const char* at = get_varint(at_ + 1, end_, mask);
  if (at == nullptr || mask >> kEventFields != 0) return fail("malformed event");
  const bool is_alike = kind == kind_ && mask >> kOftenDifferent == 0;
  for (; mask != 0; mask &= mask - 1) {
    std::uint64_t difference = 0;
    at = get_varint(at, end_, difference);
    if (at == nullptr) return fail("malformed event");
    std::int64_t& field = fields[static_cast<std::size_t>(std::countr_zero(mask))];
    field = wrap_add(field, unzigzag(difference));
  }
  if (is_alike) {
    to_event_alike(fields, event);
  } else {
    event.kind = static_cast<Kind>(kind);
    to_event(fields, event);
    if (event.name >= names_.size() || event.group >= names_.size()) return fail("unknown name");
    event.name = names_[event.name];
    event.group = names_[event.group];
  }
  kind_ = kind;
  last_time_ns_ = fields[kTime];
  at_ = at;
  return true;
}

bool BlockDecoder::decode_repeats() {
  const char* at = get_varint(at_ + 1, end_, repeats_);
  const bool is_count = at != nullptr && repeats_ != 0 && repeats_ <= kMostRepeats;
  if (!is_count || kind_ == 0) {
    repeats_ = 0;
    return fail(is_count ? "repeats of nothing" : "malformed repeats");
  }
  at_ = at;
  return true;
}

}  // namespace ks::history
