#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ks::wire {

// Where in a message one is: "topics[0].partitions[3].error_code". Who fails does not leave.
class ValuePath {
 public:
  void enter(std::string_view field) { steps_.emplace_back(field); }
  void enter(std::size_t element) { steps_.emplace_back(element); }
  void leave() { steps_.pop_back(); }

  std::string text() const {
    std::string text;
    for (const auto& step : steps_) {
      if (const auto* element = std::get_if<std::size_t>(&step)) {
        text += "[" + std::to_string(*element) + "]";
      } else {
        if (!text.empty()) text += '.';
        text += std::get<std::string_view>(step);
      }
    }
    return text;
  }

 private:
  std::vector<std::variant<std::string_view, std::size_t>> steps_;
};

}  // namespace ks::wire
