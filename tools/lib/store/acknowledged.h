#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lib/client/client.h"
#include "lib/history/event.h"
#include "lib/history/identity.h"
#include "lib/verify/checker.h"

// What the store is compared with.
namespace ks::store {

class Acknowledged {
 public:
  virtual ~Acknowledged() = default;

  // Who a stored record is, as the attempts that were given to the checker are called.
  virtual history::Stamped identify(const client::ConsumedRecord& record) const = 0;

  std::uint32_t files() const { return files_; }    // of writers; the next number is free
  std::uint32_t clocks() const { return clocks_; }  // of them
  const std::set<std::int32_t>& partitions() const { return partitions_; }
  const std::vector<std::string>& missing() const { return missing_; }  // evidence

 protected:
  std::uint32_t files_ = 0;
  std::uint32_t clocks_ = 0;
  std::set<std::int32_t> partitions_;
  std::vector<std::string> missing_;
};

// The attempts of a history folder.
class HistoryAcks final : public Acknowledged {
 public:
  // Gives those of the topic to the checker.
  cli::Result<void> give(const std::filesystem::path& folder, const std::string& topic,
                         history::Names& names, verify::Checker& checker);

  history::Stamped identify(const client::ConsumedRecord& record) const override;
};

// A file of JSON lines {"topic", "partition", "offset", "key", "value"}, one for each acknowledged
// record of whatever client; what is left out of a line is not compared. A record is identified by
// what stands at its offset; its sequence counts the topic's lines from 0.
class AckedFile final : public Acknowledged {
 public:
  cli::Result<void> give(const std::filesystem::path& path, const std::string& topic,
                         history::Names& names, verify::Checker& checker);

  history::Stamped identify(const client::ConsumedRecord& record) const override;

 private:
  struct Line {
    std::int64_t offset = 0;
    std::uint64_t sequence = 0;
    std::uint64_t hash = 0;  // of what is compared
    bool has_key = false;
    bool has_value = false;
  };
  struct Acked {
    std::string topic;  // empty: the line does not say
    std::int32_t partition = 0;
    Line line;
  };

  // Nothing: it is no such line.
  static std::optional<Acked> parse(const std::string& text);

  std::map<std::int32_t, std::vector<Line>> lines_;  // of each partition, by offset
};

}  // namespace ks::store
