#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "lib/report/rows.h"

namespace ks::report {

enum class Can { kYes, kNo, kNotShown, kNotTested, kNotAsked };
std::string_view to_string(Can can);  // yes, no, not shown, not tested, –

// Whether a client can do one thing. Not asked: there is no such step, as the client does not offer
// it.
struct Cell {
  Can can = Can::kNotAsked;
  std::string reason;  // empty for yes and not asked
};

struct MatrixRow {
  std::size_t row = 0;  // of the summary's
  std::string client;
  std::string version;      // as its results have it; may be empty
  std::vector<Cell> cells;  // as many as there are capabilities
};

// The reason of a cell for people: empty where a cell before it in the row says the same.
std::string reason_told(const MatrixRow& row, std::size_t cell);

// "kcat 1.7.1"
std::string client_name(const MatrixRow& row);

// What the clients of a check are compared by (CheckSpec::capabilities).
struct Matrix {
  CheckSpec spec;
  std::vector<MatrixRow> rows;
};

// One for each check with capabilities that left results. A cell is the worst of the client's
// steps that are called like the capability, or begin with it and `_`; without any, it is that of a
// check that was skipped or did not come so far.
std::vector<Matrix> make_matrices(const std::vector<Row>& rows);

// What is part of summary.json.
nlohmann::ordered_json to_json(const std::vector<Matrix>& matrices, const std::vector<Row>& rows);

}  // namespace ks::report
