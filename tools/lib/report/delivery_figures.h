#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/report/summary.h"

// The figures of a check that disturbs delivery, by the names of delivery_figures().
namespace ks::report {

struct DeliveryFigure {
  std::string_view name;
  std::string_view label;  // for people
  std::string_view step;   // where it is measured; one that ends in * stands for the highest of all
  std::string_view metric;    // of it; one that begins with # counts anomalies of these types
  bool is_of_groups = false;  // means something only where consumers are members
};

// In the order in which they are told.
std::span<const DeliveryFigure> delivery_figures();

// One check with one client. The row outlives it.
struct DeliveryCheck {
  const Row* row = nullptr;
  std::map<std::string_view, double> figures;    // those that were measured
  std::map<std::string_view, Threshold> limits;  // of them, where there is one

  std::optional<double> figure(std::string_view name) const;
  bool is_none(std::string_view name) const { return figure(name) == 0.0; }
};

DeliveryCheck read_delivery(const Row& row);

// The highest of that name, and who has it; null: nobody.
struct WorstFigure {
  const DeliveryCheck* check = nullptr;
  double value = 0;
};
WorstFigure worst_figure(const std::vector<DeliveryCheck>& checks, std::string_view name);

// As people read it: with its unit, which ends its name.
std::string figure_text(std::string_view name, double value);

}  // namespace ks::report
