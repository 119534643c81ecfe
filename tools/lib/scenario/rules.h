#pragma once

#include <string>
#include <vector>

#include "lib/scenario/scenario.h"

// What find_contradictions is made of.
namespace ks::scenario {

// Collects what is wrong with a document.
class Complainer {
 public:
  explicit Complainer(const Document& document) : document_(document) {}

  void add(const std::string& at, std::string what, std::string action = {});
  bool has(const std::string& at, const std::string& key) const;
  bool empty() const { return complaints_.empty(); }
  // Every text of the value there, and of what is in it.
  void check_placeholders(const std::string& at);
  // In the order of lines.
  Complaints take();

  // "choose producer, consumer"
  static std::string names(const Scenario& scenario);

 private:
  void check_placeholders(const Json& value, const std::string& at);

  const Document& document_;
  Complaints complaints_;
};

std::string joined(const std::vector<std::string>& words);

void check_faults(const Scenario& scenario, Complainer& complainer);
void check_checks(const Scenario& scenario, Complainer& complainer);

}  // namespace ks::scenario
