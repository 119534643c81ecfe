#pragma once

#include <string>

#include "lib/tool/tool.h"

// ks-probe's subcommands. Each reaches the broker itself, prints to stdout and fills the result.
namespace ks::probe {

cli::Result<void> versions(tool::Session& session);
cli::Result<void> call(tool::Session& session, const std::string& name);
cli::Result<void> conformance(tool::Session& session);
cli::Result<void> addresses(tool::Session& session);
cli::Result<void> storm(tool::Session& session);
cli::Result<void> malformed(tool::Session& session);

}  // namespace ks::probe
