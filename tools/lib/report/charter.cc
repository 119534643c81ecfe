#include "lib/report/charter.h"

#include <algorithm>

#include "lib/cli/environment.h"
#include "lib/cli/file.h"
#include "lib/cli/project.h"

namespace ks::report {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDefaultCharter = "profiles/charter.yaml";

std::string place(const Charter& charter, const CheckRef& ref, const std::string& whose) {
  return charter.file + ":" + std::to_string(ref.line) + ": " + whose;
}

// Why the check never runs so on a KafScale; empty: it does.
std::string why_never(const CheckRef& ref, const CheckSpec& spec) {
  if (!spec.applies_to("kafscale")) return "the check does not run on a KafScale";
  if (ref.client.empty()) return "";
  if (!spec.each_client && ref.client != "none") return "the check runs without a client";
  if (spec.each_client && ref.client == "none") return "the check runs with a client";
  if (!spec.only_client.empty() && ref.client != spec.only_client) {
    return "the check runs with client " + spec.only_client + " only";
  }
  return "";
}

cli::Result<void> check_ref(const Charter& charter, const CheckRef& ref, const std::string& whose,
                            const Manifest& manifest) {
  const auto spec = std::ranges::find(manifest, ref.check, &CheckSpec::name);
  if (spec == manifest.end()) {
    return cli::fail(place(charter, ref, whose) + ": no such check", ref.check,
                     "name one of gates/stages.json");
  }
  const std::string why = why_never(ref, *spec);
  if (why.empty()) return {};
  return cli::fail(place(charter, ref, whose) + ": " + why, to_string(ref),
                   "name a check and a client that gates/stages.json has");
}

}  // namespace

std::string to_string(const CheckRef& ref) {
  return ref.client.empty() ? ref.check : ref.check + " (" + ref.client + ")";
}

cli::Result<Charter> load_charter(const std::string& flag) {
  const std::string named = flag.empty() ? cli::environment("KS_CHARTER") : flag;
  if (!named.empty()) {
    const auto text = cli::read_file(named);
    if (!text) return tl::make_unexpected(text.error());
    return parse_charter(*text, named);
  }
  const fs::path path = cli::find_in_project(kDefaultCharter);
  const auto text = cli::read_file(path);
  if (!text) {
    return cli::fail("no charter", kDefaultCharter,
                     "give --charter, or set KS_HOME to the project's folder");
  }
  return parse_charter(*text, kDefaultCharter);
}

cli::Result<void> check_gaps(const Charter& charter, const Manifest& manifest) {
  for (const Gap& gap : charter.gaps) {
    for (const Coverage& coverage : gap.covers) {
      auto ok = check_ref(charter, coverage.of, "gap '" + gap.id + "'", manifest);
      if (!ok) return ok;
    }
  }
  return {};
}

cli::Result<void> check_promises(const Charter& charter, const Manifest& manifest) {
  for (const Promise& promise : charter.promises) {
    for (const CheckRef& ref : promise.evidence) {
      auto ok = check_ref(charter, ref, "promise '" + promise.id + "'", manifest);
      if (!ok) return ok;
    }
  }
  return {};
}

}  // namespace ks::report
