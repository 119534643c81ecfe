#pragma once

#include <string>
#include <string_view>

#include "lib/report/evidence.h"

namespace ks::report {

// The names of the columns, as the first line of a CSV file has them (RFC 4180).
std::string series_header();

// The figures of each second that a step left, a line each; empty where it left none.
struct CsvSeries {
  std::string lines;
  std::string problem;  // one line; empty: none
};
CsvSeries series_rows(const RunFolder& folder, const Step& step);

}  // namespace ks::report
