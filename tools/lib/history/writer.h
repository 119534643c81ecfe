#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "lib/cli/clock.h"
#include "lib/cli/error.h"
#include "lib/history/codec.h"
#include "lib/history/event.h"

namespace ks::history {

// What a file says of its writer, at its start.
struct Head {
  std::string run_id;
  std::string tool;
  std::string client;                  // librdkafka | wire
  bool in_order = false;               // producer: idempotent, or one request in flight
  bool retries_may_duplicate = false;  // producer: retries that the client does not report
  int acks = -1;                       // producer: 0, 1 or -1 for all
};

// Appends events to a file of its own in a history folder. The file:
//   "KSHIST" and the format version, u16 little-endian
//   frames: u32 length of the payload, u32 CRC-32C of type and payload, u8 type, payload
//     type 1: the head, JSON (run id, tool, host, boot id, the monotonic-to-wall anchor, …)
//     type 2: a block of events (codec.h)
//     type 3: the clean end, empty
// A frame is written whole by one call, or taken back: after a full disk what was recorded is
// valid. At most kMostUnwritten of bytes, and a second of time where tick() is called, wait in
// memory. Errors are sticky: append never fails, flush and close tell.
class Writer {
 public:
  static constexpr std::size_t kMostUnwritten = 65'536;

  static cli::Result<std::unique_ptr<Writer>> create(const std::filesystem::path& folder,
                                                     const Head& head);
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer();

  Names& names() { return names_; }
  const std::filesystem::path& path() const { return path_; }

  void append(const Event& event);

  // Everything appended so far is with the system: it survives kill -9 of this process.
  cli::Result<void> flush();

  // Flushes what has waited for half a second. Call it about ten times a second.
  cli::Result<void> tick();

  // Flushes and marks the clean end.
  cli::Result<void> close();

 private:
  Writer(int fd, std::filesystem::path path) : fd_(fd), path_(std::move(path)), encoder_(names_) {}
  void begin_frame();
  void write_frame(std::uint8_t type);
  cli::Result<void> state() const;

  int fd_;
  std::filesystem::path path_;
  Names names_;
  BlockEncoder encoder_;
  std::string frame_;
  std::int64_t first_unwritten_ns_ = 0;
  std::int64_t written_bytes_ = 0;
  std::string error_;
};

// Producer numbers that no other process of this history folder has: the first of `count`.
cli::Result<std::uint16_t> claim_producers(const std::filesystem::path& folder,
                                           std::uint32_t count);

}  // namespace ks::history
