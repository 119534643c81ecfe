#pragma once

#include <string>
#include <string_view>

#include "lib/report/performance.h"

// How the page of a validation of performance says its figures.
namespace ks::report {

// A figure of the page's table: its metric, and what it is called there.
struct FigureWords {
  const char* metric;
  const char* words;
};

// "p95 latency", "CPU of the brokers, mean"; the metric itself where it has no words.
std::string words_of(std::string_view metric);

// By the unit in the metric's name: "12.3 ms", "379 MB", "0.31 cores", "4,997/s".
std::string value_text(std::string_view metric, double value);

// "2,000,000,000 bytes" is hard to read: "2 GB".
std::string bytes_text(double bytes);

// In the figure's unit, squared: "0.25 ms²", "1.2 MB²".
std::string variance_text(std::string_view metric, double variance);

// "12.5 %"
std::string percent_text(double share);

}  // namespace ks::report
