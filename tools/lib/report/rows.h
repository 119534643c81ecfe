#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "lib/report/evidence.h"
#include "lib/report/manifest.h"

namespace ks::report {

// Why a check is, or is not, required of a run.
enum class Requirement {
  kRequired,
  kExcluded,    // the target excludes it by nature
  kLaterStage,  // a later stage requires it
  kPlanned,     // it cannot run yet
  kOnDemand,    // nobody asked for it; not tested, as far as this run goes
  kEvidence,    // of a client that the run is not judged for: shown, and that is all
  kUnlisted,    // ran, but nothing asks for it: a check or client that the manifest does not list
};

// What is wrong with a check beside its steps.
struct Trouble {
  Status status = Status::kError;
  std::string reason;
};

// One check on one client: what is judged, and what reports list.
struct Row {
  CheckSpec spec;
  std::string client;
  Requirement requirement = Requirement::kRequired;
  Status status = Status::kInconclusive;
  std::string reason;  // one line; empty only for pass
  bool ran = false;    // there is a result of it
  double duration_ms = 0;
  std::vector<Step> steps;
  std::vector<Trouble> beyond_steps;  // of its ends: what no step explains
  std::vector<std::string> accepted;  // ids of the gaps that accept its failure; empty: none does
  std::string accepted_why;           // one line; empty where nothing is accepted
  std::vector<std::filesystem::path> logs;

  bool required() const { return requirement == Requirement::kRequired; }
};

// Whether the run is judged by the row, or shows something about it: rows of later stages and plans
// without results are not part of it.
bool is_part_of(const Row& row, const Run& run);

// Whether its status can count: for the verdict, a question, a total.
bool counts(const Row& row);

// For people: passed, failed, error, inconclusive, skipped; a row may also be not run, not required
// or not tested, or have failed as the charter accepts it.
std::string_view status_word(Status status);
std::string_view status_word(const Row& row);

// "offsets (librdkafka)"; without a client where it has none.
std::string row_name(const Row& row);

// A row for every check of the manifest, by stage, then every unlisted (check, client) with
// results. A check with other clients has rows of theirs, as evidence. The steps that a check's end
// names are those of its client, whatever tools they ran; what no end names counts for the client
// it ran with, and without one for all. A check that is judged once takes the steps of all clients.
// Files become relative to `out`.
std::vector<Row> make_rows(const Manifest& manifest, const Evidence& evidence,
                           const std::filesystem::path& out);

}  // namespace ks::report
