#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "lib/cli/error.h"
#include "lib/verify/cdc.h"

// Reads what ks-verify cdc judges. Errors name file and line.
namespace ks::audit {

// The diary: a line of JSON for each transaction that was committed, and for what became of the
// worker (reports/README.md).
cli::Result<void> parse_cdc_diary(std::string_view text, const std::string& file,
                                  verify::CdcInput& input);

// Lines of ks-consume -J, of the topic of a table. What is no event of Debezium's is one that
// nobody asked for, and no error.
cli::Result<void> parse_cdc_events(std::string_view text, const std::string& file,
                                   verify::CdcInput& input);

// The same, of the worker's topic of offsets.
cli::Result<void> parse_cdc_offsets(std::string_view text, const std::string& file,
                                    verify::CdcInput& input);

struct CdcFiles {
  std::filesystem::path diary;
  std::vector<std::filesystem::path> events;
  std::filesystem::path offsets;
};
cli::Result<verify::CdcInput> read_cdc(const CdcFiles& files);

}  // namespace ks::audit
