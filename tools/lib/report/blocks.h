#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// Charts of block characters, a column each, for pages without pictures.
namespace ks::report {

// One of eight heights: the value's share of `most`, which is above 0.
std::string_view block_of(double value, double most);

// With spaces up to that width.
std::string padded(std::string text, std::size_t width);

}  // namespace ks::report
