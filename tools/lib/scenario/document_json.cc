#include <algorithm>
#include <iterator>

#include "lib/scenario/document.h"

namespace ks::scenario {
namespace {

// Where the parser is in the text. It reads one character beyond a number, which may be a line
// break: that does not count yet.
struct Position {
  const char* at = nullptr;
  const char* end = nullptr;
  int line = 1;
  int line_before = 1;
};

// What the parser reads from; all copies share the position.
class CountingInput {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingInput() = default;  // the end
  explicit CountingInput(Position& position) : position_(&position) {}
  reference operator*() const { return *position_->at; }
  CountingInput& operator++() {
    position_->line_before = position_->line;
    position_->line += *position_->at == '\n' ? 1 : 0;
    ++position_->at;
    return *this;
  }
  CountingInput operator++(int) {
    CountingInput before = *this;
    ++*this;
    return before;
  }
  bool operator==(const CountingInput&) const {
    return position_ == nullptr || position_->at == position_->end;
  }

 private:
  Position* position_ = nullptr;
};

// Builds the document from the parser's events.
class Builder {
 public:
  Builder(const Position& position, Document& out) : position_(position), out_(out) {}

  // NOLINTBEGIN(readability-identifier-naming): the parser's names
  bool null() { return value(nullptr); }
  bool boolean(bool v) { return value(v); }
  bool number_integer(Json::number_integer_t v) { return value(v); }
  bool number_unsigned(Json::number_unsigned_t v) { return value(v); }
  bool number_float(Json::number_float_t v, const std::string&) { return value(v); }
  bool string(std::string& v) { return value(std::move(v)); }
  bool binary(Json::binary_t&) { return refuse("not JSON"); }
  bool start_object(std::size_t) { return open(Json::object()); }
  bool start_array(std::size_t) { return open(Json::array()); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool key(std::string& name) {
    key_ = name;
    out_.lines[below(open_.back().pointer, name)] = position_.line;
    return open_.back().value->contains(name) ? refuse("key '" + name + "' twice") : true;
  }
  bool parse_error(std::size_t, const std::string&, const Json::exception& error) {
    const std::string text = error.what();
    // "[json.exception.parse_error.101] parse error at line 3, column 5: syntax error while …"
    const std::size_t column = text.find(", column");
    const std::size_t colon = text.find(": ", column == std::string::npos ? 0 : column);
    return refuse("not JSON: " + text.substr(colon == std::string::npos ? 0 : colon + 2));
  }
  // NOLINTEND(readability-identifier-naming)

  const std::string& problem() const { return problem_; }
  int problem_line() const { return problem_line_; }

 private:
  struct Open {
    Json* value = nullptr;
    std::string pointer;
  };

  // Puts a value where it belongs; the parser sees to it that this is a document.
  Json* put(Json v, std::string& pointer) {
    if (open_.empty()) {
      out_.data = std::move(v);
      return &out_.data;
    }
    Json& parent = *open_.back().value;
    if (parent.is_object()) {
      pointer = below(open_.back().pointer, key_);
      return &(parent[key_] = std::move(v));
    }
    pointer = below(open_.back().pointer, parent.size());
    parent.push_back(std::move(v));
    return &parent.back();
  }

  bool value(Json v) {
    std::string pointer;
    const bool is_number = v.is_number();
    put(std::move(v), pointer);
    out_.lines.try_emplace(pointer, is_number ? position_.line_before : position_.line);
    return ++values_ <= kMostValues ? true : refuse("more than 100,000 values");
  }

  bool open(Json v) {
    if (open_.size() >= kDeepest) return refuse("nested too deeply");
    std::string pointer;
    Json* const placed = put(std::move(v), pointer);
    out_.lines.try_emplace(pointer, position_.line);
    open_.push_back({placed, pointer});
    return ++values_ <= kMostValues ? true : refuse("more than 100,000 values");
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  bool refuse(std::string what) {
    problem_ = std::move(what);
    problem_line_ = position_.line;
    return false;
  }

  const Position& position_;
  Document& out_;
  std::vector<Open> open_;  // addresses hold: only the innermost value grows
  std::string key_;
  std::size_t values_ = 0;
  std::string problem_;
  int problem_line_ = 1;
};

}  // namespace

cli::Result<Document> parse_json(const std::string& text, const std::string& file) {
  Document out;
  out.file = file;
  Position position{text.data(), text.data() + text.size()};
  Builder builder(position, out);
  if (Json::sax_parse(CountingInput(position), CountingInput(), &builder)) return out;
  const Complaint complaint{builder.problem_line(), "", builder.problem(), ""};
  return tl::make_unexpected(complaint.error(file));
}

}  // namespace ks::scenario
