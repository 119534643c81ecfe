#include "lib/ops/fault_name.h"

#include <algorithm>
#include <array>
#include <thread>

namespace ks::ops {
namespace {

using cli::Result;

constexpr std::string_view kPrefix = "ks-fault-";
constexpr std::string_view kKept = "kept";
constexpr std::array<std::string_view, 6> kVerbs{"latency", "bandwidth", "timeout",
                                                 "reset",   "slicer",    "down"};
constexpr std::array<std::string_view, 2> kStreams{"upstream", "downstream"};

// The part behind the last '-', which it takes off `text`.
std::string_view take_last_part(std::string_view& text) {
  const std::size_t dash = text.rfind('-');
  if (dash == std::string_view::npos) return {};
  const std::string_view part = text.substr(dash + 1);
  text = text.substr(0, dash);
  return part;
}

template <typename List>
bool contains(const List& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool is_there(const OwnToxic& toxic, const std::vector<OwnToxic>& there) {
  return std::any_of(there.begin(), there.end(), [&](const OwnToxic& other) {
    return other.proxy == toxic.proxy && other.toxic == toxic.toxic;
  });
}

// Forgets those of `toxics` that are gone, and asks for the others to be removed.
Result<void> remove_once(const target::Toxiproxy& api, std::vector<OwnToxic>& toxics) {
  const auto proxies = api.proxies();
  if (!proxies) return tl::make_unexpected(proxies.error());
  const auto there = own_toxics(*proxies);
  std::erase_if(toxics, [&](const OwnToxic& each) { return !is_there(each, there); });
  for (const OwnToxic& each : toxics) {
    // Enabled first: a proxy that is disabled without its mark would be nobody's.
    if (each.name.verb == "down") {
      if (auto ok = api.enable(each.proxy, true); !ok) return ok;
    }
    if (auto ok = api.remove(each.proxy, each.toxic); !ok) return ok;
  }
  return {};
}

}  // namespace

std::string FaultName::text() const {
  const std::string held =
      holder ? "p" + std::to_string(holder->pid) + "." + std::to_string(holder->start_ticks)
             : std::string(kKept);
  return std::string(kPrefix) + run + "-" + held + "-" + verb + "-" + stream;
}

std::string run_in_names(std::string_view run_id) {
  std::string out(run_id);
  for (char& c : out) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '.' || c == '_' || c == '-';
    if (!plain) c = '_';
  }
  return out;
}

std::optional<FaultName> parse_fault_name(std::string_view text) {
  if (!text.starts_with(kPrefix)) return std::nullopt;
  text.remove_prefix(kPrefix.size());
  FaultName name;
  name.stream = take_last_part(text);
  name.verb = take_last_part(text);
  const std::string_view holder = take_last_part(text);
  name.run = text;
  if (!contains(kStreams, name.stream) || !contains(kVerbs, name.verb)) return std::nullopt;
  if (holder != kKept) {
    if (!holder.starts_with('p')) return std::nullopt;
    std::string words(holder.substr(1));
    std::replace(words.begin(), words.end(), '.', ' ');
    name.holder = target::parse_process_id(words);
    if (!name.holder) return std::nullopt;
  }
  return name;
}

std::vector<OwnToxic> own_toxics(const std::vector<target::Proxy>& proxies) {
  std::vector<OwnToxic> out;
  for (const target::Proxy& proxy : proxies) {
    for (const target::Toxic& toxic : proxy.toxics) {
      if (auto name = parse_fault_name(toxic.name)) {
        out.push_back({proxy.name, toxic.name, std::move(*name)});
      }
    }
  }
  return out;
}

bool is_left_over(const FaultName& name, const std::string& run) {
  return name.holder ? !target::is_alive(*name.holder) : name.run != run_in_names(run);
}

Result<void> remove_toxics(const target::Toxiproxy& api, const std::vector<OwnToxic>& toxics,
                           cli::Deadline deadline) {
  std::vector<OwnToxic> left = toxics;
  while (true) {
    const auto asked = remove_once(api, left);
    if (asked && left.empty()) return {};
    if (cli::Clock::now() >= deadline) {
      return cli::fail("a fault is still in place" + (asked ? "" : ": " + asked.error().message()),
                       "proxy " + left.front().proxy + ", toxic " + left.front().toxic,
                       "run ks-fault heal as soon as Toxiproxy answers");
    }
    constexpr auto kPause = std::chrono::milliseconds(20);
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace ks::ops
