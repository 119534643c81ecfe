#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/report/svg.h"
#include "lib/report/timeline.h"

namespace ks::report {

// From a value to its share of a plot's height; what lies outside is cut.
struct Scale {
  double low = 0;
  double high = 1;
  bool is_log = false;

  double share(double value) const;
};

// 1, 2 or 5 times a power of ten, at or above `value`, which is more than 0.
double nice_above(double value);

struct Point {
  double x = 0;
  double value = 0;
  bool follows = false;  // the point before; otherwise there is a hole between them
};

// A path through them, in a plot of that place and height.
std::string curve(const std::vector<Point>& points, const Scale& scale, double y, double height);

// Plots one below the other on a common time axis, before the shades of the faults. The timeline
// has an axis, and outlives the chart. Colours are the style sheet's.
class Chart {
 public:
  static constexpr double kLeft = 84;  // of the plots; left of them are their numbers
  static constexpr double kRight = 990;
  static constexpr double kGap = 10;  // between plots

  explicit Chart(const Timeline& timeline);

  Svg& svg() { return svg_; }
  double y() const { return y_; }
  void advance(double height) { y_ += height; }
  double x(std::int64_t time_ns) const;
  // The place that is `share` of the way through the bucket of that number.
  double x(std::size_t bucket, double share) const;

  // A line of text above a plot, with the curves that are in it, and at its right end a remark.
  void title(std::string_view text);
  void legend(std::string_view name, std::string_view lane, std::string_view curve);
  void remark(std::string_view text);
  // A line and a number for each value, of the plot of that height that begins here.
  void grid(const Scale& scale, double height, std::span<const double> values);
  // The points of a curve through both ends of each extent, with a hole where two are more than
  // `most_apart` buckets from each other.
  std::vector<Point> through(std::span<const Extent> extents, std::size_t most_apart = 1) const;
  // The name of a row that begins here, left of it.
  void row_name(std::string_view text);

  // What each bucket holds, for a pointer that rests on the plots so far.
  void hover();
  // With the time axis below and the faults behind.
  std::string finish(std::string_view labelled_by);

 private:
  void name_faults();
  void shade_faults(Svg& out) const;
  void draw_axis(Svg& out) const;

  const Timeline& timeline_;
  Svg svg_;
  double y_ = 4;         // where the next part begins
  double plots_y_ = 0;   // where the first plot began
  double legend_x_ = 0;  // where the next legend of the present title begins
};

// For SVG texts: as much as is about as wide as that, in pixels.
std::string fitting(std::string_view text, double width);
double width_of(std::string_view text);

}  // namespace ks::report
