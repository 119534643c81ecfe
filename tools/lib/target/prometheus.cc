#include "lib/target/prometheus.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <limits>
#include <set>

namespace ks::target {
namespace {

constexpr std::array<std::string_view, 5> kTypes{"counter", "gauge", "histogram", "summary",
                                                 "untyped"};

bool is_name_start(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool is_name_part(char c) { return is_name_start(c) || (c >= '0' && c <= '9'); }

// Walks over one line. Every take_… either consumes what it names or fails and says what it missed.
class LineReader {
 public:
  explicit LineReader(std::string_view line) : rest_(line) {}

  void skip_blanks() {
    const std::size_t first = rest_.find_first_not_of(" \t");
    rest_.remove_prefix(first == std::string_view::npos ? rest_.size() : first);
  }
  bool at_end() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // Up to the next blank.
  std::string_view take_word() {
    const std::string_view word = rest_.substr(0, rest_.find_first_of(" \t"));
    rest_.remove_prefix(word.size());
    return word;
  }

  cli::Result<std::string> take_metric_name() { return take_name("a metric name", ":"); }
  cli::Result<std::string> take_label_name() { return take_name("a label name", ""); }
  cli::Result<std::string> take_quoted();
  cli::Result<Series> take_series();

 private:
  cli::Result<std::string> take_name(const char* what, std::string_view also);

  std::string_view rest_;
};

cli::Result<std::string> LineReader::take_name(const char* what, std::string_view also) {
  const auto is_also = [&](char c) { return also.find(c) != std::string_view::npos; };
  std::size_t size = 0;
  while (size < rest_.size() && (is_name_part(rest_[size]) || is_also(rest_[size]))) ++size;
  if (size == 0 || !(is_name_start(rest_[0]) || is_also(rest_[0]))) {
    return cli::fail(std::string("expected ") + what);
  }
  std::string name(rest_.substr(0, size));
  rest_.remove_prefix(size);
  return name;
}

cli::Result<std::string> LineReader::take_quoted() {
  if (!take('"')) return cli::fail("expected a label value in quotes");
  std::string value;
  while (!rest_.empty()) {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    if (c == '"') return value;
    if (c != '\\') {
      value += c;
      continue;
    }
    if (take('n')) {
      value += '\n';
    } else if (take('\\')) {
      value += '\\';
    } else if (take('"')) {
      value += '"';
    } else {
      return cli::fail("unknown escape in a label value");
    }
  }
  return cli::fail("label value without its closing quote");
}

cli::Result<Series> LineReader::take_series() {
  auto name = take_metric_name();
  if (!name) return tl::make_unexpected(name.error());
  Series series{std::move(*name), {}};
  skip_blanks();
  if (!take('{')) return series;
  for (skip_blanks(); !take('}'); skip_blanks()) {
    auto label = take_label_name();
    if (!label) return tl::make_unexpected(label.error());
    skip_blanks();
    if (!take('=')) return cli::fail("expected '=' after label '" + *label + "'");
    skip_blanks();
    auto value = take_quoted();
    if (!value) return tl::make_unexpected(value.error());
    if (!series.labels.emplace(*label, std::move(*value)).second) {
      return cli::fail("label '" + *label + "' twice");
    }
    skip_blanks();
    if (!take(',') && !rest_.starts_with('}'))
      return cli::fail("expected ',' or '}' after a label");
  }
  return series;
}

// Go's number syntax, as the format asks for: also +1, Inf, NaN in any case.
cli::Result<double> parse_value(std::string_view word) {
  std::string_view digits = word;
  if (digits.starts_with('+')) digits.remove_prefix(1);
  double value = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stopped, error] = std::from_chars(digits.data(), end, value);
  const bool signs_twice = digits.size() < word.size() && digits.starts_with('-');
  if (digits.empty() || signs_twice || stopped != end || error == std::errc::invalid_argument) {
    return cli::fail("not a number '" + std::string(word) + "'");
  }
  if (error == std::errc::result_out_of_range) {
    return cli::fail("number out of range '" + std::string(word) + "'");
  }
  return value;
}

cli::Result<std::int64_t> parse_timestamp(std::string_view word) {
  std::int64_t value = 0;
  const char* const end = word.data() + word.size();
  const auto [stopped, error] = std::from_chars(word.data(), end, value);
  if (error != std::errc() || stopped != end) {
    return cli::fail("not a timestamp in milliseconds '" + std::string(word) + "'");
  }
  return value;
}

cli::Result<Sample> parse_sample(LineReader line) {
  auto series = line.take_series();
  if (!series) return tl::make_unexpected(series.error());
  line.skip_blanks();
  const std::string_view value_word = line.take_word();
  if (value_word.empty()) return cli::fail("no value after '" + series->text() + "'");
  const auto value = parse_value(value_word);
  if (!value) return tl::make_unexpected(value.error());
  Sample sample{std::move(*series), *value, std::nullopt};
  line.skip_blanks();
  if (line.at_end()) return sample;
  const auto timestamp = parse_timestamp(line.take_word());
  if (!timestamp) return tl::make_unexpected(timestamp.error());
  sample.timestamp_ms = *timestamp;
  line.skip_blanks();
  if (!line.at_end()) return cli::fail("text after the timestamp");
  return sample;
}

// In help texts only backslash and newline are escaped.
std::string unescape_help(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view pair = text.substr(i, 2);
    if (pair == "\\n" || pair == "\\\\") {
      out += pair == "\\n" ? '\n' : '\\';
      ++i;
    } else {
      out += text[i];
    }
  }
  return out;
}

// `# HELP name text`, `# TYPE name type`; any other comment says nothing.
cli::Result<void> parse_comment(LineReader line, MetricsPage& page) {
  line.skip_blanks();
  const std::string_view keyword = line.take_word();
  if (keyword != "HELP" && keyword != "TYPE") return {};
  line.skip_blanks();
  const auto name = line.take_metric_name();
  if (!name) return tl::make_unexpected(name.error());
  line.skip_blanks();
  if (keyword == "HELP") {
    page.helps[*name] = unescape_help(line.rest());
    return {};
  }
  const std::string type(line.take_word());
  line.skip_blanks();
  if (std::find(kTypes.begin(), kTypes.end(), type) == kTypes.end() || !line.at_end()) {
    return cli::fail("unknown type of metric '" + *name + "'");
  }
  if (!page.types.emplace(*name, type).second) {
    return cli::fail("type of '" + *name + "' declared twice");
  }
  return {};
}

// What is before the last '_', where that part names a piece of a histogram or summary.
std::string family_of(const std::string& name) {
  for (const std::string_view suffix : {"_bucket", "_count", "_sum"}) {
    if (name.size() > suffix.size() && name.ends_with(suffix)) {
      return name.substr(0, name.size() - suffix.size());
    }
  }
  return {};
}

bool is_distribution(const std::map<std::string, std::string>& types, const std::string& name) {
  const auto type = types.find(name);
  return type != types.end() && (type->second == "histogram" || type->second == "summary");
}

std::string escape_label(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == '\n') {
      out += "\\n";
    } else {
      if (c == '\\' || c == '"') out += '\\';
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string Series::text() const {
  if (labels.empty()) return name;
  std::string out = name;
  char separator = '{';
  for (const auto& [label, value] : labels) {
    out += separator + label + "=\"" + escape_label(value) + '"';
    separator = ',';
  }
  return out + '}';
}

cli::Result<Series> parse_series(std::string_view text) {
  LineReader line(text);
  line.skip_blanks();
  auto series = line.take_series();
  line.skip_blanks();
  if (series && line.at_end()) return series;
  return cli::fail("not a metric '" + std::string(text) + "'", {},
                   R"(write it like kafscale_s3_health_state{state="healthy"})");
}

std::vector<const Sample*> MetricsPage::find(const Series& wanted) const {
  std::vector<const Sample*> found;
  for (const Sample& sample : samples) {
    const auto& labels = sample.series.labels;
    // Both maps are sorted by label, so this asks whether one holds the other.
    if (sample.series.name == wanted.name &&
        std::includes(labels.begin(), labels.end(), wanted.labels.begin(), wanted.labels.end())) {
      found.push_back(&sample);
    }
  }
  return found;
}

const Sample* MetricsPage::find_one(const Series& wanted) const {
  const auto found = find(wanted);
  if (found.size() == 1) return found.front();
  const auto exact = std::find_if(found.begin(), found.end(),
                                  [&](const Sample* sample) { return sample->series == wanted; });
  return exact == found.end() ? nullptr : *exact;
}

Series MetricsPage::counted(const Series& wanted) const {
  if (!is_distribution(types, wanted.name)) return wanted;
  return {wanted.name + "_count", wanted.labels};
}

bool MetricsPage::is_cumulative(const std::string& name) const {
  const auto own = types.find(name);
  if (own != types.end()) return own->second == "counter";
  return is_distribution(types, family_of(name));
}

cli::Result<MetricsPage> parse_metrics_page(std::string_view text) {
  MetricsPage page;
  std::set<Series> seen;
  std::size_t number = 0;
  const auto at_line = [&](const cli::Error& error) {
    return cli::fail(error.what, "line " + std::to_string(number));
  };
  while (!text.empty()) {
    ++number;
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return at_line({"line cut short (no newline)", {}, {}});
    LineReader line(text.substr(0, end));
    text.remove_prefix(end + 1);
    line.skip_blanks();
    if (line.at_end()) continue;
    if (line.take('#')) {
      if (auto parsed = parse_comment(line, page); !parsed) return at_line(parsed.error());
      continue;
    }
    auto sample = parse_sample(line);
    if (!sample) return at_line(sample.error());
    if (!seen.insert(sample->series).second) {
      return at_line({"series '" + sample->series.text() + "' twice", {}, {}});
    }
    page.samples.push_back(std::move(*sample));
  }
  return page;
}

}  // namespace ks::target
