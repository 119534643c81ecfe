#include "lib/store/topic.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

namespace ks::store {
namespace {

// All of `text` is one number that is not negative.
template <typename T>
std::optional<T> number_of(std::string_view text) {
  T value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

// The base offset in an object's name; nothing where it is no such name.
std::optional<std::int64_t> base_offset_of(std::string_view name, std::string_view suffix) {
  constexpr std::string_view kPrefix = "segment-";
  constexpr std::size_t kDigits = 20;
  if (name.size() != kPrefix.size() + kDigits + suffix.size() || !name.starts_with(kPrefix) ||
      !name.ends_with(suffix)) {
    return std::nullopt;
  }
  return number_of<std::int64_t>(name.substr(kPrefix.size(), kDigits));
}

// The offsets of a segment.
struct Span {
  std::int64_t first = 0;
  std::int64_t last = 0;
};

std::string offsets(std::int64_t first, std::int64_t last) {
  return "offsets " + std::to_string(first) + " to " + std::to_string(last);
}

// Segments follow each other without a gap, from offset 0. Where they end.
std::int64_t judge_spans(std::vector<Span> spans, const std::string& partition, Damages& damages) {
  std::ranges::sort(spans, {}, &Span::first);
  std::int64_t end = 0;
  for (const Span& span : spans) {
    if (span.first > end) {
      damages.found(DamageType::kMissingSegment,
                    partition + ": none has " + offsets(end, span.first - 1));
    } else if (span.first < end) {
      damages.found(
          DamageType::kOverlap,
          partition + ": two have " + offsets(span.first, std::min(end, span.last + 1) - 1));
    }
    end = std::max(end, span.last + 1);
  }
  return end;
}

}  // namespace

struct StoredTopic::Names {
  std::map<std::int64_t, target::StoredObject> segments;  // by base offset
  std::map<std::int64_t, target::StoredObject> indexes;

  // What they tell by themselves.
  StoredPartition partition(std::int32_t number) const {
    StoredPartition out;
    out.number = number;
    for (const auto& [base_offset, object] : segments) {
      ++out.segments;
      out.bytes += object.bytes;
      out.base_offsets.push_back(base_offset);
    }
    return out;
  }
};

cli::Result<std::vector<std::string>> StoredTopic::all(target::ObjectStore& store) {
  const auto folders = store.folders("");
  if (!folders) return tl::make_unexpected(folders.error());
  std::string others;
  for (const std::string& folder : *folders) {
    const auto below = store.folders(folder + "/");
    if (!below) return tl::make_unexpected(below.error());
    // One topic is enough to know the place by.
    const auto is_partition = [](const std::string& name) {
      return number_of<std::int32_t>(name).has_value();
    };
    if (std::ranges::any_of(*below, is_partition)) return *folders;
    others += (others.empty() ? "" : ", ") + folder;
  }
  return cli::fail("no topic", store.name(),
                   "give the folder of a KafScale namespace, where the topics are" +
                       (others.empty() ? "; it is empty" : "; here is: " + others));
}

cli::Result<StoredTopic> StoredTopic::find(target::ObjectStore& store, const std::string& topic,
                                           Damages& damages) {
  const auto topics = all(store);
  if (!topics) return tl::make_unexpected(topics.error());
  StoredTopic out(store, topic);
  if (!std::ranges::binary_search(*topics, topic)) return out;
  const auto folders = store.folders(topic + "/");
  if (!folders) return tl::make_unexpected(folders.error());
  for (const std::string& each : *folders) {
    if (const auto number = number_of<std::int32_t>(each)) {
      out.partitions_.push_back(*number);
    } else {
      damages.found(DamageType::kForeignObject, std::string(topic).append("/").append(each) + "/");
    }
  }
  std::ranges::sort(out.partitions_);
  return out;
}

cli::Result<StoredTopic::Names> StoredTopic::names_of(std::int32_t partition, Damages& damages) {
  const std::string folder = topic_ + "/" + std::to_string(partition) + "/";
  auto objects = store_->list(folder);
  if (!objects) return tl::make_unexpected(objects.error());
  Names out;
  for (target::StoredObject& object : *objects) {
    const std::string_view name = std::string_view(object.key).substr(folder.size());
    if (const auto segment = base_offset_of(name, ".kfs")) {
      out.segments.emplace(*segment, std::move(object));
    } else if (const auto index = base_offset_of(name, ".index")) {
      out.indexes.emplace(*index, std::move(object));
    } else {
      damages.found(DamageType::kForeignObject, object.key);
    }
  }
  return out;
}

cli::Result<StoredPartition> StoredTopic::list(std::int32_t partition, Damages& damages) {
  const auto names = names_of(partition, damages);
  if (!names) return tl::make_unexpected(names.error());
  return names->partition(partition);
}

cli::Result<StoredPartition> StoredTopic::read(std::int32_t partition, Damages& damages,
                                               RecordSink& sink) {
  const auto names = names_of(partition, damages);
  if (!names) return tl::make_unexpected(names.error());
  SegmentReader reader(*store_, damages);
  StoredPartition out = names->partition(partition);
  std::vector<Span> spans;
  for (const auto& [base_offset, object] : names->segments) {
    const auto index = names->indexes.find(base_offset);
    const auto segment = reader.read(
        object, index == names->indexes.end() ? std::nullopt : std::optional(index->second),
        base_offset, sink);
    if (!segment) return tl::make_unexpected(segment.error());
    out.records += *segment ? (*segment)->records : 0;
    // Of one that cannot be read, its name tells where it begins.
    spans.push_back(*segment ? Span{(*segment)->base_offset, (*segment)->last_offset}
                             : Span{base_offset, base_offset});
  }
  out.end_offset =
      judge_spans(std::move(spans), topic_ + "[" + std::to_string(partition) + "]", damages);
  for (const auto& [base_offset, object] : names->indexes) {
    if (!names->segments.contains(base_offset) && base_offset >= out.end_offset) {
      damages.found(DamageType::kMissingSegment, "that of " + object.key);
    }
  }
  return out;
}

}  // namespace ks::store
