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

void put_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}

std::uint64_t zigzag(std::int64_t value) {
  return static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
}
std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

bool get_varint(std::string_view bytes, std::size_t& at, std::uint64_t& out) {
  out = 0;
  for (int shift = 0; shift < 64 && at < bytes.size(); shift += 7) {
    const auto byte = static_cast<std::uint8_t>(bytes[at++]);
    out |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return true;
  }
  return false;
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

void BlockEncoder::append(const Event& event) {
  Event local = event;
  local.name = local_name(event.name);
  local.group = local_name(event.group);
  const EventFields fields = to_fields(local);
  EventFields& predicted = last_[static_cast<std::uint8_t>(event.kind)];
  predict(predicted, last_time_ns_);
  std::uint64_t mask = 0;
  for (std::size_t i = 0; i < kEventFields; ++i) {
    if (fields[i] != predicted[i]) mask |= 1ULL << i;
  }
  events_.push_back(static_cast<char>(event.kind));
  put_varint(events_, mask);
  for (std::size_t i = 0; i < kEventFields; ++i) {
    if ((mask >> i & 1) != 0) put_varint(events_, zigzag(wrap_sub(fields[i], predicted[i])));
  }
  predicted = fields;
  last_time_ns_ = event.time_ns;
}

std::string BlockEncoder::take() {
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
  return block;
}

BlockDecoder::BlockDecoder(std::string_view block, Names& names) : block_(block) {
  std::uint64_t count = 0;
  std::uint64_t length = 0;
  if (!get_varint(block_, at_, count)) fail("malformed names");
  for (std::uint64_t i = 0; !damage_ && i < count; ++i) {
    if (!get_varint(block_, at_, length) || length > block_.size() - at_) {
      fail("malformed names");
    } else {
      names_.push_back(names.id(block_.substr(at_, length)));
      at_ += length;
    }
  }
}

bool BlockDecoder::fail(const char* what) {
  damage_ = {what, "block offset " + std::to_string(at_), ""};
  return false;
}

bool BlockDecoder::next(Event& event) {
  if (damage_ || at_ == block_.size()) return false;
  const auto kind = static_cast<std::uint8_t>(block_[at_++]);
  if (kind == 0 || kind > kLastKind) return fail("unknown kind of event");
  EventFields& fields = last_[kind];
  predict(fields, last_time_ns_);
  std::uint64_t mask = 0;
  if (!get_varint(block_, at_, mask) || mask >> kEventFields != 0) return fail("malformed event");
  for (; mask != 0; mask &= mask - 1) {
    std::uint64_t difference = 0;
    if (!get_varint(block_, at_, difference)) return fail("malformed event");
    std::int64_t& field = fields[static_cast<std::size_t>(std::countr_zero(mask))];
    field = wrap_add(field, unzigzag(difference));
  }
  last_time_ns_ = fields[kTime];
  event.kind = static_cast<Kind>(kind);
  to_event(fields, event);
  if (event.name >= names_.size() || event.group >= names_.size()) return fail("unknown name");
  event.name = names_[event.name];
  event.group = names_[event.group];
  return true;
}

}  // namespace ks::history
