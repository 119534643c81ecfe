#include "lib/admin/recorder.h"

#include "lib/cli/clock.h"

namespace ks::admin {

cli::Result<Recorder> Recorder::open(tool::Session& session) {
  Recorder recorder;
  auto writer = session.open_history();
  if (!writer) return tl::make_unexpected(writer.error());
  recorder.writer_ = std::move(*writer);
  return recorder;
}

void Recorder::append(history::Kind kind, const client::Position& position,
                      const std::string& group, history::Outcome outcome, std::int64_t began_ns) {
  if (writer_ == nullptr) return;
  history::Event event;
  event.kind = kind;
  event.outcome = outcome;
  event.time_ns = cli::monotonic_ns();
  event.invoke_ns = began_ns;
  event.name = writer_->names().id(position.at.topic);
  event.group = writer_->names().id(group);
  event.partition = position.at.partition;
  event.offset = position.offset;
  writer_->append(event);
}

cli::Result<void> Recorder::close() {
  if (writer_ == nullptr) return {};
  return writer_->close();
}

}  // namespace ks::admin
