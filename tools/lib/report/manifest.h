#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "lib/cli/error.h"

namespace ks::report {

// In order: each stage includes the ones before it.
enum class Stage { kPr, kMain, kRelease };

inline constexpr Stage kStages[] = {Stage::kPr, Stage::kMain, Stage::kRelease};

std::string_view to_string(Stage stage);
cli::Result<Stage> parse_stage(std::string_view text);

// What one check is, and where it is required (gates/stages.json).
struct CheckSpec {
  std::string name;
  Stage stage = Stage::kPr;  // the first stage that requires it
  std::string title;
  std::vector<std::string> covers;        // requirements and scenarios: A1, S3
  std::vector<int> questions;             // the questions, from 1, that it helps to answer
  std::vector<std::string> targets;       // where it applies: kafscale, kafka
  bool each_client = false;               // judged once for every client of the run
  std::string only_client;                // or for this one alone, whichever the run's are
  std::vector<std::string> others;        // further clients that it runs with, as evidence only
  std::vector<std::string> capabilities;  // steps by which its clients are compared in a table
  std::string excluded;                   // why it does not apply to the target that is missing
  std::string planned;                    // why it cannot run yet; empty: it can

  bool applies_to(std::string_view target) const;
  // The clients of a run that it is judged for: of others than the toolkit's, those that it knows.
  std::vector<std::string> clients_of(const std::vector<std::string>& run_clients) const;
};

using Manifest = std::vector<CheckSpec>;

// Errors name the file and the check.
cli::Result<Manifest> read_manifest(const std::filesystem::path& path);
cli::Result<Manifest> parse_manifest(const std::string& text, const std::string& file);

}  // namespace ks::report
