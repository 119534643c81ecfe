#include "lib/history/codec.h"

#include <algorithm>
#include <array>

namespace ks::history {
namespace {

constexpr std::size_t kFields = 13;
using Fields = std::array<std::int64_t, kFields>;

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

Fields to_fields(const Event& e) {
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

Event to_event(Kind kind, const Fields& f) {
  Event e;
  e.kind = kind;
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
  return e;
}

// Wrapping arithmetic: any two 64-bit values have a difference that brings one to the other.
std::int64_t wrap_add(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}
std::int64_t wrap_sub(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

Fields predict(const Event& last_of_kind, std::int64_t last_time_ns) {
  Fields fields = to_fields(last_of_kind);
  fields[kTime] = last_time_ns;
  fields[kSequence] = wrap_add(fields[kSequence], 1);
  fields[kOffset] = wrap_add(fields[kOffset], 1);
  return fields;
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

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  bool done() const { return at_ == bytes_.size(); }
  std::size_t offset() const { return at_; }

  bool byte(std::uint8_t& out) {
    if (done()) return false;
    out = static_cast<std::uint8_t>(bytes_[at_++]);
    return true;
  }
  bool varint(std::uint64_t& out) {
    out = 0;
    std::uint8_t b = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (!byte(b)) return false;
      out |= static_cast<std::uint64_t>(b & 0x7f) << shift;
      if (b < 0x80) return true;
    }
    return false;
  }
  bool text(std::string_view& out) {
    std::uint64_t length = 0;
    if (!varint(length) || length > bytes_.size() - at_) return false;
    out = bytes_.substr(at_, length);
    at_ += length;
    return true;
  }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

bool read_names(Reader& reader, Names& names, std::vector<std::uint32_t>& local) {
  std::uint64_t count = 0;
  if (!reader.varint(count)) return false;
  for (std::uint64_t i = 0; i < count; ++i) {
    std::string_view text;
    if (!reader.text(text)) return false;
    local.push_back(names.id(text));
  }
  return true;
}

bool read_fields(Reader& reader, Fields& fields) {
  std::uint64_t mask = 0;
  if (!reader.varint(mask) || mask >> kFields != 0) return false;
  for (std::size_t i = 0; mask != 0; ++i, mask >>= 1) {
    std::uint64_t difference = 0;
    if ((mask & 1) == 0) continue;
    if (!reader.varint(difference)) return false;
    fields[i] = wrap_add(fields[i], unzigzag(difference));
  }
  return true;
}

}  // namespace

std::uint32_t BlockEncoder::local_name(std::uint32_t id) {
  const auto index = std::find(local_.begin(), local_.end(), id) - local_.begin();
  if (index == std::ssize(local_)) local_.push_back(id);
  return static_cast<std::uint32_t>(index);
}

void BlockEncoder::append(const Event& event) {
  Event local = event;
  local.name = local_name(event.name);
  local.group = local_name(event.group);
  Event& last = last_[static_cast<std::uint8_t>(event.kind)];
  const Fields predicted = predict(last, last_time_ns_);
  const Fields fields = to_fields(local);
  std::uint64_t mask = 0;
  for (std::size_t i = 0; i < kFields; ++i) {
    if (fields[i] != predicted[i]) mask |= 1ULL << i;
  }
  events_.push_back(static_cast<char>(event.kind));
  put_varint(events_, mask);
  for (std::size_t i = 0; i < kFields; ++i) {
    if ((mask >> i & 1) != 0) put_varint(events_, zigzag(wrap_sub(fields[i], predicted[i])));
  }
  last = local;
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
  std::fill(last_.begin(), last_.end(), Event{});
  last_time_ns_ = 0;
  return block;
}

cli::Result<void> decode_block(std::string_view block, Names& names,
                               const std::function<void(const Event&)>& visit) {
  Reader reader(block);
  const auto bad = [&](const char* what) {
    return cli::fail(what, "block offset " + std::to_string(reader.offset()));
  };
  std::vector<std::uint32_t> local;
  if (!read_names(reader, names, local)) return bad("malformed names");
  std::array<Event, kLastKind + 1> last{};
  std::int64_t last_time_ns = 0;
  while (!reader.done()) {
    std::uint8_t kind = 0;
    if (!reader.byte(kind) || kind == 0 || kind > kLastKind) return bad("unknown kind of event");
    Fields fields = predict(last[kind], last_time_ns);
    if (!read_fields(reader, fields)) return bad("malformed event");
    Event event = to_event(static_cast<Kind>(kind), fields);
    last[kind] = event;
    last_time_ns = event.time_ns;
    if (event.name >= local.size() || event.group >= local.size()) return bad("unknown name");
    event.name = local[event.name];
    event.group = local[event.group];
    visit(event);
  }
  return {};
}

}  // namespace ks::history
