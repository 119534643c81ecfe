#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/cli/error.h"
#include "lib/report/manifest.h"
#include "lib/wire/schema.h"

// The charter (reports/schema/charter-v1.json): what is promised of a KafScale, and which gaps are
// known and accepted until when.
namespace ks::report {

// A check on one client, or on all that it runs with.
struct CheckRef {
  std::string check;
  std::string client;  // empty: all
  int line = 0;        // in the file, for errors

  bool is_of(const std::string& check_name, const std::string& client_name) const {
    return check == check_name && (client.empty() || client == client_name);
  }
};

// "group_offsets (wire)"; without a client where it is of all.
std::string to_string(const CheckRef& ref);

struct PromisedApi {
  wire::ApiKey key{-1};
  std::string name;  // as in the protocol guide
  wire::VersionRange versions;
};

struct Promise {
  std::string id;
  std::string text;
  std::vector<CheckRef> evidence;  // never empty
  std::optional<PromisedApi> api;
};

// What a gap accepts: failures of a check, of one step or of all, whose text the pattern matches.
struct Coverage {
  CheckRef of;
  std::string step;     // empty: any
  std::string pattern;  // empty: any text
};

struct Gap {
  std::string id;
  std::vector<Coverage> covers;  // never empty
  std::string reason;
  std::string owner;
  std::string expires;  // 2026-12-31: the last day, in UTC, on which it is accepted
};

struct Charter {
  std::string file;  // as errors show it; empty: none was read
  std::vector<Promise> promises;
  std::vector<Gap> gaps;
};

// The charter that --charter (`flag`, may be empty), KS_CHARTER, or else profiles/charter.yaml
// names. Errors name file, line and key, and what to do.
cli::Result<Charter> load_charter(const std::string& flag);

// One charter file's text; `file` is for errors.
cli::Result<Charter> parse_charter(const std::string& text, const std::string& file);

// Whether each gap names a check of the list that runs on a KafScale, and with that client. What
// could never fail could hide behind its gap for ever.
cli::Result<void> check_gaps(const Charter& charter, const Manifest& manifest);

// The same of what the promises have as evidence.
cli::Result<void> check_promises(const Charter& charter, const Manifest& manifest);

}  // namespace ks::report
