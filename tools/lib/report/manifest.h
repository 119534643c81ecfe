#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/cli/error.h"

namespace ks::report {

// The release gate's stages in order, each of which includes the ones before it; then the
// validations, each of which stands by itself.
enum class Stage { kPr, kMain, kRelease, kPerformance, kDelivery };

// Whether it is none of the release gate's.
bool is_validation(Stage stage);

// The stages that a run of this one tells of: all of the release gate's, or a validation alone.
std::span<const Stage> stages_beside(Stage stage);

std::string_view to_string(Stage stage);
cli::Result<Stage> parse_stage(std::string_view text);

// What one check is, and where it is required (gates/stages.json).
struct CheckSpec {
  std::string name;
  Stage stage = Stage::kPr;  // the first stage that requires it
  std::vector<Stage> also;   // validations that require it, too
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
  std::string on_demand;                  // how to ask for it; empty: it runs by itself

  bool applies_to(std::string_view target) const;
  // The clients of a run that it is judged for: of others than the toolkit's, those that it knows.
  std::vector<std::string> clients_of(const std::vector<std::string>& run_clients) const;
};

using Manifest = std::vector<CheckSpec>;

// What a run of that stage tells of: of a validation the checks that it requires, as its own.
// `only`: those that were asked for alone; empty: all.
Manifest checks_beside(const Manifest& manifest, Stage stage,
                       const std::vector<std::string>& only = {});

// Errors name the file and the check.
cli::Result<Manifest> read_manifest(const std::filesystem::path& path);
cli::Result<Manifest> parse_manifest(const std::string& text, const std::string& file);

}  // namespace ks::report
