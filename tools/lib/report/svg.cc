#include "lib/report/svg.h"

#include <charconv>
#include <cmath>

#include "lib/report/text.h"

namespace ks::report {

std::string coordinate(double value) {
  if (!std::isfinite(value) || std::fabs(value) > 1e9) return "0";
  char digits[32];
  const auto written =
      std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed, 1);
  std::string out(digits, written.ptr);
  if (out.ends_with(".0")) out.resize(out.size() - 2);
  return out == "-0" ? "0" : out;
}

void Svg::attribute(std::string_view name, double value) {
  ((((body_ += ' ') += name) += "=\"") += coordinate(value)) += '"';
}

void Svg::css(std::string_view name) { ((body_ += " class=\"") += name) += '"'; }

void Svg::rect(double x, double y, double width, double height, std::string_view css_class,
               std::string_view title) {
  body_ += "<rect";
  attribute("x", x);
  attribute("y", y);
  attribute("width", width);
  attribute("height", height);
  css(css_class);
  if (title.empty()) {
    body_ += "/>";
  } else {
    ((body_ += "><title>") += escape_markup(title)) += "</title></rect>";
  }
  body_ += '\n';
}

void Svg::line(double x1, double y1, double x2, double y2, std::string_view css_class) {
  body_ += "<line";
  attribute("x1", x1);
  attribute("y1", y1);
  attribute("x2", x2);
  attribute("y2", y2);
  css(css_class);
  body_ += "/>\n";
}

void Svg::text(double x, double y, std::string_view css_class, std::string_view content) {
  body_ += "<text";
  attribute("x", x);
  attribute("y", y);
  css(css_class);
  ((body_ += '>') += escape_markup(one_line(content))) += "</text>\n";
}

void Svg::path(std::string_view data, std::string_view css_class) {
  ((body_ += "<path d=\"") += data) += '"';
  css(css_class);
  body_ += "/>\n";
}

void Svg::begin_group(std::string_view css_class) {
  body_ += "<g";
  css(css_class);
  body_ += ">\n";
}

void Svg::end_group() { body_ += "</g>\n"; }

std::string Svg::finish(double width, double height, std::string_view labelled_by) const {
  std::string out = R"(<svg viewBox="0 0 )" + coordinate(width) + " " + coordinate(height);
  out += R"(" role="img" aria-labelledby=")" + escape_markup(labelled_by) + "\">\n";
  return out + body_ + "</svg>\n";
}

}  // namespace ks::report
