#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/store/acknowledged.h"
#include "lib/store/segment.h"
#include "lib/verify/checker.h"

namespace ks::store {

// Has the checker see the store as one more reader, who came after everything was acknowledged and
// reads each partition from offset 0 to its end, a segment at a time.
class Comparison final : public RecordSink {
 public:
  // `acknowledged` was given to the checker before.
  Comparison(const Acknowledged& acknowledged, verify::Checker& checker, std::string_view topic,
             std::uint32_t topic_name);

  // The records that come are the partition's.
  void begin(std::int32_t partition);
  // They were all.
  void end(std::int64_t end_offset);

  void on_segment(std::int64_t base_offset) override;
  void on_record(const wire::Record& record) override;
  void on_unreadable(std::int64_t first_offset, std::int64_t last_offset) override;

 private:
  history::Event event_of(history::Kind kind, std::int64_t offset) const;

  const Acknowledged& acknowledged_;
  verify::Checker& checker_;
  std::string_view topic_;
  std::uint32_t topic_name_;
  std::int64_t now_ns_;
  verify::Writer reader_;
  std::int32_t partition_ = 0;
};

}  // namespace ks::store
