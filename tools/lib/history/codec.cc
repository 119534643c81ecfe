#include "lib/history/codec.h"

#include <algorithm>
#include <bit>
#include <utility>

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

int flags_of(const Event& e) { return static_cast<int>(e.outcome) | e.integrity << 4; }

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
          flags_of(e),
          e.error_code};
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
const char* get_long_varint(const char* at, const char* end, std::uint64_t& out) {
  out = 0;
  for (int shift = 0; shift < 64 && at != end; shift += 7) {
    const auto byte = static_cast<std::uint8_t>(*at++);
    out |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return at;
  }
  return nullptr;
}

// Most are of one byte, and most others of up to three: times that are some microseconds apart.
inline const char* get_varint(const char* at, const char* end, std::uint64_t& out) {
  const auto byte = [at](int i) {
    return static_cast<std::uint64_t>(static_cast<std::uint8_t>(at[i]));
  };
  if (end - at < 3) return get_long_varint(at, end, out);
  out = byte(0);
  if (out < 0x80) return at + 1;
  out = (out & 0x7f) | byte(1) << 7;
  if (byte(1) < 0x80) return at + 2;
  out = (out & 0x3fff) | byte(2) << 14;
  if (byte(2) < 0x80) return at + 3;
  return get_long_varint(at, end, out);
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

void BlockEncoder::take(std::string& out) {
  put_repeats();
  put_varint(out, local_.size());
  for (const std::uint32_t id : local_) {
    const std::string& text = names_.text(id);
    put_varint(out, text.size());
    out += text;
  }
  out += events_;
  events_.clear();
  local_.clear();
  last_ = nothing_before();
  last_time_ns_ = 0;
  expected_.kind = kNoKind;
}

// The fields of one event that differ from what was predicted.
class BlockDecoder::Differences {
 public:
  Differences(const char* at, const char* end) : at_(at), end_(end) {
    mask_ = take();
    if (mask_ >> kEventFields != 0) at_ = nullptr;
  }

  // The field's value; REQUIRES: fields are asked for in their order.
  template <typename T>
  T of(Field field, T predicted) {
    if ((mask_ >> field & 1) == 0) return predicted;
    return static_cast<T>(wrap_add(static_cast<std::int64_t>(predicted), unzigzag(take())));
  }
  bool has_any_from(Field field) const { return mask_ >> field != 0; }

  // Where the event ends. Null: it is malformed.
  const char* end() const { return at_; }

 private:
  std::uint64_t take() {
    std::uint64_t value = 0;
    if (at_ != nullptr) at_ = get_varint(at_, end_, value);
    return value;
  }

  const char* at_;
  const char* end_;
  std::uint64_t mask_ = 0;
};

BlockDecoder::BlockDecoder(std::string_view block, Names& names, std::int64_t clock_ns)
    : begin_(block.data()),
      at_(block.data()),
      end_(block.data() + block.size()),
      clock_ns_(clock_ns),
      last_time_ns_(clock_ns) {
  std::uint64_t count = 0;
  std::uint64_t length = 0;
  const char* at = get_varint(at_, end_, count);
  for (std::uint64_t i = 0; at != nullptr && i < count; ++i) {
    at = get_varint(at, end_, length);
    if (at == nullptr || std::cmp_greater(length, end_ - at)) break;
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

bool BlockDecoder::decode() {
  if (at_ == end_ || damage_) return false;
  const auto kind = static_cast<std::uint8_t>(*at_);
  if (kind == static_cast<std::uint8_t>(kNoKind)) return decode_repeats() && next();
  if (kind > kLastKind) return fail("unknown kind of event");
  Last& last = last_[kind];
  Event& event = last.event;
  Differences differences(at_ + 1, end_);
  advance(event);
  event.kind = static_cast<Kind>(kind);
  event.time_ns = differences.of(kTime, last_time_ns_);
  last.invoke_ns = differences.of(kInvoke, last.invoke_ns);
  event.invoke_ns = last.invoke_ns == 0 ? 0 : wrap_add(last.invoke_ns, clock_ns_);
  event.sequence = differences.of(kSequence, event.sequence);
  event.offset = differences.of(kOffset, event.offset);
  if (differences.has_any_from(kPartition) && !decode_rarer_fields(differences, last)) return false;
  if (differences.end() == nullptr) return fail("malformed event");
  kind_ = kind;
  last_time_ns_ = event.time_ns;
  at_ = differences.end();
  return true;
}

bool BlockDecoder::decode_rarer_fields(Differences& differences, Last& last) {
  Event& event = last.event;
  event.partition = differences.of(kPartition, event.partition);
  event.actor = differences.of(kActor, event.actor);
  event.count = differences.of(kCount, event.count);
  last.name = differences.of(kName, last.name);
  last.group = differences.of(kGroup, last.group);
  event.run = differences.of(kRun, event.run);
  event.producer = differences.of(kProducer, event.producer);
  const int flags = differences.of(kFlags, flags_of(event));
  event.outcome = static_cast<Outcome>(flags & 0xf);
  event.integrity = static_cast<std::uint8_t>(flags >> 4 & 0xf);
  event.error_code = differences.of(kError, event.error_code);
  if (last.name >= names_.size() || last.group >= names_.size()) return fail("unknown name");
  event.name = names_[last.name];
  event.group = names_[last.group];
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
