#pragma once

#include <kainjow/mustache.hpp>
#include <string>

#include "lib/report/evidence.h"

// What the templates of report.html are filled with.
namespace ks::report {

// A name the template can test: false where there is no text.
kainjow::mustache::data optional_text(const std::string& text);

// The style class of a status, which is its name.
std::string status_class(Status status);

// A link to a file of the run folder, as seen from the report.
kainjow::mustache::data file_link(const std::filesystem::path& file);

// A time as people read it; a dash where there is none.
std::string time_text(double duration_ms);

// What the templates say of one of them.
kainjow::mustache::object threshold_data(const Threshold& threshold);
kainjow::mustache::object anomaly_data(const Anomaly& anomaly);
kainjow::mustache::object finding_data(const Finding& finding);

// Fills the partial "step".
kainjow::mustache::data step_data(const Step& step);

}  // namespace ks::report
