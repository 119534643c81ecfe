#include "lib/ops/fault_log.h"

namespace ks::ops {

using history::Kind;

cli::Result<FaultLog> FaultLog::open(tool::Session& session) {
  auto writer = session.open_history();
  if (!writer) return tl::make_unexpected(writer.error());
  FaultLog log;
  log.writer_ = std::move(*writer);
  return log;
}

void FaultLog::begin(const std::string& fault, std::int64_t at_ns) {
  append(Kind::kFaultBegin, fault, at_ns);
}

void FaultLog::confirm(const std::string& fault, std::int64_t at_ns) {
  append(Kind::kFaultConfirmed, fault, at_ns);
}

void FaultLog::heal(const std::string& fault, std::int64_t at_ns) {
  append(Kind::kFaultHealed, fault, at_ns);
}

void FaultLog::append(Kind kind, const std::string& fault, std::int64_t at_ns) {
  if (writer_ == nullptr) return;
  history::Event event;
  event.kind = kind;
  event.time_ns = at_ns;
  event.name = writer_->names().id(fault);
  writer_->append(event);
  static_cast<void>(writer_->flush());  // close() tells
}

cli::Result<void> FaultLog::close() {
  if (writer_ == nullptr) return {};
  return writer_->close();
}

}  // namespace ks::ops
