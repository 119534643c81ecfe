#pragma once

#include <string>
#include <string_view>

namespace ks::report {

// An SVG image being drawn. Texts are escaped here; classes, which the style sheet knows, are ours.
// Coordinates are pixels at the image's own size.
class Svg {
 public:
  // `title` is what a pointer that rests there is told; empty: nothing.
  void rect(double x, double y, double width, double height, std::string_view css,
            std::string_view title = "");
  void line(double x1, double y1, double x2, double y2, std::string_view css);
  void text(double x, double y, std::string_view css, std::string_view content);
  void path(std::string_view data, std::string_view css);
  // What follows, up to end_group(), has the class, too.
  void begin_group(std::string_view css);
  void end_group();

  void append(const Svg& other) { body_ += other.body_; }

  // The whole element, `labelled_by` the element of that id.
  std::string finish(double width, double height, std::string_view labelled_by) const;

 private:
  void attribute(std::string_view name, double value);
  void css(std::string_view name);

  std::string body_;
};

// For SVG: at most one decimal, whatever the locale; 0 for what is no finite number.
std::string coordinate(double value);

}  // namespace ks::report
