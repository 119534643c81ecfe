#include "lib/history/reader.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "lib/cli/crc32c.h"
#include "lib/cli/file.h"
#include "lib/history/codec.h"
#include "lib/history/format.h"

namespace ks::history {
namespace {

struct Frame {
  std::uint8_t type = 0;
  std::string payload;
};

class FileReader {
 public:
  FileReader(FileSummary& summary, Names& names, const Visit& visit)
      : summary_(summary), names_(names), visit_(visit), in_(summary.path, std::ios::binary) {}

  cli::Result<void> read() {
    if (!in_) return damage("cannot read history");
    if (auto ok = read_header(); !ok) return ok;
    Frame frame;
    bool has_head = false;
    while (in_.peek() != std::ifstream::traits_type::eof()) {
      if (auto ok = next(frame); !ok) return ok;
      if (has_head == (frame.type == kHeadFrame)) return damage("frame out of place");
      has_head = true;
      if (auto ok = take(frame); !ok) return ok;
      at_ += kFrameHeaderBytes + frame.payload.size();
    }
    if (!has_head) return damage("history without a head");
    return {};
  }

 private:
  tl::unexpected<cli::Error> damage(const std::string& what) const {
    return cli::fail(what, summary_.path.string() + " at offset " + std::to_string(at_),
                     "what comes before is used");
  }

  bool read_bytes(char* out, std::size_t size) {
    return static_cast<bool>(in_.read(out, static_cast<std::streamsize>(size)));
  }

  cli::Result<void> read_header() {
    char start[kFileHeaderBytes];
    if (!read_bytes(start, sizeof start) ||
        std::memcmp(start, kFileMagic, sizeof kFileMagic) != 0) {
      return damage("not a history file");
    }
    std::uint16_t version = 0;
    std::memcpy(&version, start + sizeof kFileMagic, sizeof version);
    if (version != kFormatVersion) {
      return damage("history of format version " + std::to_string(version) + ", this reads 1");
    }
    at_ = kFileHeaderBytes;
    return {};
  }

  cli::Result<void> next(Frame& frame) {
    char header[kFrameHeaderBytes];
    if (!read_bytes(header, sizeof header)) return damage("history ends within a frame");
    std::uint32_t length = 0;
    std::uint32_t crc = 0;
    std::memcpy(&length, header, sizeof length);
    std::memcpy(&crc, header + sizeof length, sizeof crc);
    frame.type = static_cast<std::uint8_t>(header[kFrameHeaderBytes - 1]);
    if (length > kMostFrameBytes) return damage("absurd frame length " + std::to_string(length));
    frame.payload.resize(length);
    if (!read_bytes(frame.payload.data(), length)) return damage("history ends within a frame");
    const std::uint32_t type_crc = cli::crc32c({&header[kFrameHeaderBytes - 1], 1});
    if (cli::crc32c(frame.payload, type_crc) != crc) return damage("wrong CRC");
    return {};
  }

  cli::Result<void> take(const Frame& frame) {
    switch (frame.type) {
      case kHeadFrame:
        return take_head(frame.payload);
      case kBlockFrame: {
        const auto decoded = decode_block(frame.payload, names_, [this](const Event& event) {
          Event in_wall_time = event;
          in_wall_time.time_ns += wall_minus_monotonic_;
          if (event.invoke_ns != 0) in_wall_time.invoke_ns += wall_minus_monotonic_;
          ++summary_.events;
          visit_(summary_, in_wall_time);
        });
        if (!decoded) return damage(decoded.error().message());
        return {};
      }
      case kEndFrame:
        summary_.closed = true;
        return {};
      default:
        return damage("unknown frame type " + std::to_string(frame.type));
    }
  }

  cli::Result<void> take_head(const std::string& payload) {
    try {
      const auto json = nlohmann::json::parse(payload);
      summary_.head = {json.at("run_id"), json.at("tool"), json.at("client"), json.at("in_order"),
                       json.at("retries_may_duplicate")};
      summary_.host = json.at("host");
      const auto& anchor = json.at("anchor");
      wall_minus_monotonic_ =
          anchor.at("wall_ns").get<std::int64_t>() - anchor.at("monotonic_ns").get<std::int64_t>();
      return {};
    } catch (const nlohmann::json::exception& error) {
      return damage(std::string("malformed head: ") + error.what());
    }
  }

  FileSummary& summary_;
  Names& names_;
  const Visit& visit_;
  std::ifstream in_;
  std::size_t at_ = 0;
  std::int64_t wall_minus_monotonic_ = 0;
};

}  // namespace

cli::Result<std::vector<FileSummary>> read_folder(const std::filesystem::path& folder, Names& names,
                                                  const Visit& visit) {
  std::vector<FileSummary> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == kFileSuffix)
      files.push_back({entry.path(), {}, {}, 0, false, {}});
  }
  if (error) return cli::fail("cannot read the history folder", folder.string(), error.message());
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  for (FileSummary& file : files) {
    if (auto read = FileReader(file, names, visit).read(); !read) file.problem = read.error();
  }
  return files;
}

}  // namespace ks::history
