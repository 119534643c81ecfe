#include "lib/store/comparison.h"

#include "lib/cli/clock.h"
#include "lib/client/consumed_record.h"

namespace ks::store {

using history::Event;
using history::Kind;

Comparison::Comparison(const Acknowledged& acknowledged, verify::Checker& checker,
                       std::string_view topic, std::uint32_t topic_name)
    : acknowledged_(acknowledged),
      checker_(checker),
      topic_(topic),
      topic_name_(topic_name),
      now_ns_(cli::wall_ns()),
      reader_{.file = acknowledged.files(), .clock = acknowledged.clocks()} {}

Event Comparison::event_of(Kind kind, std::int64_t offset) const {
  Event event;
  event.kind = kind;
  event.time_ns = now_ns_;
  event.name = topic_name_;
  event.partition = partition_;
  event.offset = offset;
  return event;
}

void Comparison::begin(std::int32_t partition) { partition_ = partition; }

// Whichever clock the acknowledgements were timed by, they came before: there is a reader by each.
void Comparison::end(std::int64_t end_offset) {
  for (std::uint32_t clock = 0; clock < acknowledged_.clocks(); ++clock) {
    const verify::Writer whole{.file = reader_.file + 1 + clock, .clock = clock};
    checker_.add(whole, event_of(Kind::kAssign, 0));
    checker_.add(whole, event_of(Kind::kDrain, end_offset));
  }
}

void Comparison::on_segment(std::int64_t base_offset) {
  checker_.add(reader_, event_of(Kind::kAssign, base_offset));
}

void Comparison::on_record(const wire::Record& record) {
  const history::Stamped stamped =
      acknowledged_.identify(client::consumed_record(topic_, partition_, record));
  Event event = event_of(Kind::kRead, record.offset);
  event.integrity = static_cast<std::uint8_t>(stamped.integrity);
  event.run = stamped.identity.run;
  event.producer = stamped.identity.producer;
  event.sequence = stamped.identity.sequence;
  checker_.add(reader_, event);
}

void Comparison::on_unreadable(std::int64_t first_offset, std::int64_t last_offset) {
  for (std::int64_t offset = first_offset; offset <= last_offset; ++offset) {
    Event event = event_of(Kind::kRead, offset);
    event.integrity = static_cast<std::uint8_t>(history::Integrity::kCorrupt);
    checker_.add(reader_, event);
  }
}

}  // namespace ks::store
