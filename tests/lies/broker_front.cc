// Runs a front for the tests:
//   broker-front BROKERS --versions-of RECORDED.jsonl       serves the versions of what was
//   recorded broker-front BROKERS --lie NAME --seed N [--honest]     lies; or, honest, could
//   broker-front --lies                                     the lies, a line each
// Prints its addresses, and ends with standard input.
#include <charconv>
#include <cstdio>
#include <optional>
#include <string_view>

#include "front.h"
#include "lies.h"
#include "narrow.h"

namespace ks::lies {
namespace {

using Words = std::vector<std::string_view>;

constexpr const char* kUsage =
    "usage: broker-front BROKERS --versions-of RECORDED.jsonl\n"
    "       broker-front BROKERS --lie NAME --seed N [--honest]\n"
    "       broker-front --lies\n";

int refuse(const std::string& why) {
  std::fprintf(stderr, "broker-front: %s\n", why.c_str());
  return 2;
}

int print_lies() {
  for (const NamedLie& lie : all_lies()) {
    std::printf("%s\t%s\t%s\t%s\n", lie.name, lie.check, lie.traffic, lie.clients);
  }
  return 0;
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

int serve(std::string_view brokers, Persona& persona) {
  const auto addresses = wire::parse_addresses(brokers);
  if (!addresses) return refuse(addresses.error().message());
  const Front front(*addresses, persona);
  std::printf("%s\n", front.addresses().c_str());
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  return 0;
}

int run(const Words& words) {
  if (words == Words{"--lies"}) return print_lies();
  if (words.size() == 3 && words[1] == "--versions-of") {
    const auto versions = recorded_versions(std::string(words[2]));
    if (!versions) return refuse(versions.error().message());
    Narrow narrow(*versions);
    return serve(words[0], narrow);
  }
  const bool honest = words.size() == 6 && words[5] == "--honest";
  if ((words.size() == 5 || honest) && words[1] == "--lie" && words[3] == "--seed") {
    const NamedLie* lie = find_lie(words[2]);
    const auto seed = number(words[4]);
    if (lie == nullptr) return refuse("no such lie: " + std::string(words[2]));
    if (!seed) return refuse("not a seed: " + std::string(words[4]));
    Liar liar(lie->make != nullptr ? lie->make(Draw(*seed)) : Lie(), honest);
    return serve(words[0], liar);
  }
  std::fputs(kUsage, stderr);
  return 2;
}

}  // namespace
}  // namespace ks::lies

int main(int argc, char** argv) { return ks::lies::run({argv + 1, argv + argc}); }
