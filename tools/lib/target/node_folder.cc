#include "lib/target/node_folder.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>

#include "lib/cli/file.h"
#include "lib/cli/units.h"

namespace ks::target {
namespace {

namespace fs = std::filesystem;

cli::Result<wire::Address> read_address(const fs::path& path) {
  const auto text = cli::read_file(path);
  if (!text) return tl::make_unexpected(text.error());
  auto address = wire::parse_address(text->substr(0, text->find('\n')));
  if (!address) return cli::fail(address.error().what, path.string(), address.error().action);
  return address;
}

cli::Result<std::vector<std::uint16_t>> read_ports(const fs::path& path) {
  const auto text = cli::read_file(path);
  if (!text) return tl::make_unexpected(text.error());
  std::vector<std::uint16_t> ports;
  std::istringstream words(*text);
  for (std::string word; words >> word;) {
    const auto port = cli::parse_count(word);
    constexpr std::uint64_t kHighestPort = 65535;
    if (!port || *port == 0 || *port > kHighestPort) {
      return cli::fail("not a port '" + word + "'", path.string(), "write one port a line");
    }
    ports.push_back(static_cast<std::uint16_t>(*port));
  }
  return ports;
}

// The log from `begin`, at most its last 64 KiB: enough for a stack trace, bounded for any log.
std::string read_log(const fs::path& log, std::uintmax_t begin) {
  constexpr std::uintmax_t kMostBytes = 64U << 10;
  std::error_code ignored;
  const std::uintmax_t size = fs::file_size(log, ignored);
  if (ignored || size <= begin) return {};
  std::ifstream file(log, std::ios::binary);
  file.seekg(static_cast<std::streamoff>(std::max(begin, size - std::min(size, kMostBytes))));
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool tells_error(const std::string& line) {
  static constexpr std::array kWords{"error",  "exception", "fatal",  "panic",
                                     "cannot", "failed",    "in use", "denied"};
  const std::string text = lower(line);
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](const char* word) { return text.find(word) != std::string::npos; });
}

}  // namespace

cli::Result<NodeFolder> NodeFolder::open(const fs::path& cluster, const std::string& name) {
  NodeFolder node;
  node.name_ = name;
  node.path_ = cluster / name;
  auto address = read_address(node.path_ / "address");
  if (!address) return tl::make_unexpected(address.error());
  node.address_ = std::move(*address);
  auto ports = read_ports(node.path_ / "ports");
  if (!ports) return tl::make_unexpected(ports.error());
  node.ports_ = std::move(*ports);
  return node;
}

std::optional<ProcessId> NodeFolder::running() const {
  const auto text = cli::read_file(path_ / "pid");
  const auto process = text ? parse_process_id(*text) : std::nullopt;
  return process && is_alive(*process) ? process : std::nullopt;
}

cli::Result<void> NodeFolder::write_pid(const ProcessId& process) const {
  return cli::write_file(path_ / "pid", process.text() + "\n");
}

cli::Result<void> NodeFolder::remove_pid() const {
  std::error_code error;
  fs::remove(path_ / "pid", error);
  if (error) return cli::fail("cannot remove", (path_ / "pid").string(), error.message());
  return {};
}

cli::Result<std::optional<std::int32_t>> NodeFolder::id() const {
  std::error_code ignored;
  if (!fs::exists(id_path(), ignored)) return std::nullopt;
  const auto text = cli::read_file(id_path());
  if (!text) return tl::make_unexpected(text.error());
  // Ids of brokers are counted as partitions are.
  const auto id = cli::parse_partition(text->substr(0, text->find('\n')));
  if (!id) return cli::fail("not a broker's id", id_path().string(), "write one number, from 0");
  return *id;
}

cli::Result<void> NodeFolder::renew(std::int32_t id) const {
  std::error_code error;
  fs::remove_all(path_ / "data", error);
  if (error) return cli::fail("cannot remove", (path_ / "data").string(), error.message());
  return cli::write_file(id_path(), std::to_string(id) + "\n");
}

cli::Result<std::vector<std::string>> list_nodes(const fs::path& cluster) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(cluster, error)) {
    std::error_code ignored;
    if (fs::exists(entry.path() / "run", ignored)) names.push_back(entry.path().filename());
  }
  if (error) return cli::fail("cannot read the cluster folder", cluster.string(), error.message());
  if (names.empty()) {
    return cli::fail("no nodes in the cluster folder", cluster.string(),
                     "each node is a sub-folder with run, address and ports");
  }
  std::sort(names.begin(), names.end(), [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  });
  return names;
}

std::string last_error_line(const fs::path& log, std::uintmax_t begin) {
  std::istringstream lines(read_log(log, begin));
  std::string last;
  std::string last_error;
  for (std::string line; std::getline(lines, line);) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    if (tells_error(line)) last_error = line;
    last = std::move(line);
  }
  return last_error.empty() ? last : last_error;
}

bool tells_address_in_use(const fs::path& log, std::uintmax_t begin) {
  return lower(read_log(log, begin)).find("address already in use") != std::string::npos;
}

}  // namespace ks::target
