#include "lib/report/matrix.h"

#include <algorithm>

namespace ks::report {
namespace {

bool is_about(const Step& step, const std::string& capability) {
  const std::string& name = step.result.step;
  return name == capability || name.starts_with(capability + "_");
}

Can answer_of(Status status) {
  switch (status) {
    case Status::kPass:
      return Can::kYes;
    case Status::kFail:
      return Can::kNo;
    case Status::kSkip:
      return Can::kNotTested;
    default:
      return Can::kNotShown;
  }
}

// A check that was skipped as a whole, or ended before it came to its capabilities, says why; one
// that went through them and left this one out did not ask.
Cell cell_without_step(const Row& row) {
  const bool came_to_any = std::ranges::any_of(row.steps, [&](const Step& step) {
    return std::ranges::any_of(row.spec.capabilities,
                               [&](const auto& other) { return is_about(step, other); });
  });
  if (row.status == Status::kPass || came_to_any) return {};
  return {row.status == Status::kSkip || !row.ran ? Can::kNotTested : Can::kNotShown, row.reason};
}

Cell cell_of(const Row& row, const std::string& capability) {
  const Step* worst_step = nullptr;
  for (const Step& step : row.steps) {
    if (!is_about(step, capability)) continue;
    if (worst_step == nullptr || step.result.status > worst_step->result.status) worst_step = &step;
  }
  if (worst_step == nullptr) return cell_without_step(row);
  return {answer_of(worst_step->result.status), worst_step->result.reason};
}

// Errands run with other clients than the row's.
std::string version_of(const Row& row) {
  for (const Step& step : row.steps) {
    const Result& result = step.result;
    if (result.client == row.client && !result.client_version.empty()) return result.client_version;
  }
  return "";
}

MatrixRow matrix_row(const Row& row, std::size_t index) {
  MatrixRow out{index, row.client, version_of(row), {}};
  for (const std::string& capability : row.spec.capabilities) {
    out.cells.push_back(cell_of(row, capability));
  }
  return out;
}

}  // namespace

std::string_view to_string(Can can) {
  switch (can) {
    case Can::kYes:
      return "yes";
    case Can::kNo:
      return "no";
    case Can::kNotShown:
      return "not shown";
    case Can::kNotTested:
      return "not tested";
    case Can::kNotAsked:
      break;
  }
  return "–";
}

std::string reason_told(const MatrixRow& row, std::size_t cell) {
  const std::string& reason = row.cells[cell].reason;
  const auto* const end = row.cells.data() + cell;
  const bool again =
      std::any_of(row.cells.data(), end, [&](const Cell& c) { return c.reason == reason; });
  return again ? "" : reason;
}

std::string client_name(const MatrixRow& row) {
  const bool says_it_all = row.version.empty() || row.client.ends_with("-" + row.version);
  return says_it_all ? row.client : row.client + " " + row.version;
}

std::vector<Matrix> make_matrices(const std::vector<Row>& rows) {
  std::vector<Matrix> out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row& row = rows[i];
    if (row.spec.capabilities.empty()) continue;
    auto matrix = std::ranges::find_if(
        out, [&](const Matrix& known) { return known.spec.name == row.spec.name; });
    if (matrix == out.end()) matrix = out.insert(out.end(), {row.spec, {}});
    matrix->rows.push_back(matrix_row(row, i));
  }
  std::erase_if(out, [&](const Matrix& matrix) {
    return std::ranges::none_of(matrix.rows,
                                [&](const MatrixRow& row) { return rows[row.row].ran; });
  });
  return out;
}

nlohmann::ordered_json to_json(const std::vector<Matrix>& matrices, const std::vector<Row>& rows) {
  using Json = nlohmann::ordered_json;
  Json list = Json::array();
  for (const Matrix& matrix : matrices) {
    for (const MatrixRow& row : matrix.rows) {
      Json cells = Json::object();
      for (std::size_t i = 0; i < row.cells.size(); ++i) {
        if (row.cells[i].can == Can::kNotAsked) continue;
        cells[matrix.spec.capabilities[i]] = {{"answer", to_string(row.cells[i].can)},
                                              {"reason", row.cells[i].reason}};
      }
      list.push_back({{"check", matrix.spec.name},
                      {"client", row.client},
                      {"client_version", row.version},
                      {"required", rows[row.row].required()},
                      {"capabilities", cells}});
    }
  }
  return list;
}

}  // namespace ks::report
