#pragma once

#include "lib/report/result.h"
#include "lib/tool/tool.h"
#include "lib/verify/cdc.h"

namespace ks::audit {

// Puts anomalies, figures and the status that they imply into the result.
void put(const verify::CdcVerdict& verdict, report::Result& result);

// ks-verify cdc DIARY EVENTS... --offsets FILE
cli::Result<void> judge_cdc_files(tool::Session& session, const std::vector<std::string>& files);

}  // namespace ks::audit
