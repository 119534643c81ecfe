#include "lib/cli/redact.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <mutex>
#include <vector>

namespace ks::cli {
namespace {

constexpr std::size_t kShortestSecret = 6;
constexpr std::string_view kScheme = "://";
constexpr std::string_view kQuotes = "\"'`";
constexpr auto kNone = std::string_view::npos;

struct Secrets {
  std::mutex mutex;
  std::vector<std::string> values;  // longest first, so that a secret inside another hides last
};

Secrets& secrets() {
  static Secrets instance;
  return instance;
}

bool is_alnum(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }
bool is_name_char(char c) { return is_alnum(c) || c == '.' || c == '_' || c == '-'; }
bool is_name(std::string_view text) { return std::all_of(text.begin(), text.end(), is_name_char); }
bool is_quote(char c) { return kQuotes.find(c) != kNone; }
bool ends_word(char c) { return is_quote(c) || std::isspace(static_cast<unsigned char>(c)) != 0; }

// The letters and digits of a name in lower case, and the same with its parts apart: "api_key" is
// "apikey" and " api key ".
struct Name {
  std::string joined;
  std::string parts = " ";
};

Name normalize(std::string_view text) {
  Name name;
  for (const char c : text) {
    const char low = is_alnum(c) ? static_cast<char>(std::tolower(c)) : ' ';
    if (low != ' ') name.joined += low;
    name.parts += low;
  }
  name.parts += ' ';
  return name;
}

// Marks what is secret by its place in a text. A word ends at a space or a quote.
class Marker {
 public:
  explicit Marker(std::string_view text) : text_(text), secret_(text.size(), false) {
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = word_end(begin);
      mark_users(begin, end);
      mark_values(begin, end);
      begin = end + 1;
    }
  }

  // Calls `found` with each part of the text, in order: the part, and whether it is secret.
  template <typename Found>
  void each_part(Found found) const {
    for (std::size_t begin = 0; begin < text_.size();) {
      std::size_t end = begin;
      while (end < text_.size() && secret_[end] == secret_[begin]) ++end;
      found(text_.substr(begin, end - begin), secret_[begin]);
      begin = end;
    }
  }

 private:
  std::size_t word_end(std::size_t begin) const {
    const auto* const end = std::find_if(text_.begin() + begin, text_.end(), ends_word);
    return static_cast<std::size_t>(end - text_.begin());
  }

  void mark(std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) secret_[i] = true;
  }

  // The user part ends at the last '@': passwords with '@', '/' or ',' are seen, too. Without a
  // scheme it needs a colon, as s@1700000000000 and orders[0]@42 are something else.
  void mark_users(std::size_t begin, std::size_t end) {
    const std::string_view word = text_.substr(begin, end - begin);
    std::size_t scheme = word.find(kScheme);
    if (const std::size_t at = word.rfind('@');
        scheme == kNone && at != kNone && word.find(':') < at) {
      mark(begin, begin + at);
    }
    while (scheme != kNone) {
      const std::size_t user = scheme + kScheme.size();
      scheme = word.find(kScheme, user);
      const std::size_t at = word.substr(0, scheme).rfind('@');
      if (at != kNone && at > user) mark(begin + user, begin + at);
    }
  }

  void mark_values(std::size_t begin, std::size_t end) {
    for (std::size_t equals = text_.find('=', begin); equals < end;
         equals = text_.find('=', equals + 1)) {
      std::size_t name = equals;
      while (name > begin && is_name_char(text_[name - 1])) --name;
      if (!is_secret_name(text_.substr(name, equals - name))) continue;
      mark_value(begin, equals + 1, end);
    }
  }

  // A value may be quoted; in the query of a URL it ends at the next parameter.
  void mark_value(std::size_t word, std::size_t value, std::size_t end) {
    if (value == end && end < text_.size() && is_quote(text_[end])) {
      return mark(end + 1, std::min(text_.find(text_[end], end + 1), text_.size()));
    }
    const bool in_query = text_.substr(word, value - word).find('?') != kNone;
    mark(value, in_query ? std::min(text_.find_first_of("&#", value), end) : end);
  }

  std::string_view text_;
  std::vector<bool> secret_;
};

std::string hide_values(std::string_view text) {
  Secrets& all = secrets();
  const std::scoped_lock lock(all.mutex);
  std::string out(text);
  for (const std::string& secret : all.values) {
    for (std::size_t at = out.find(secret); at != kNone;
         at = out.find(secret, at + kRedacted.size())) {
      out.replace(at, secret.size(), kRedacted);
    }
  }
  return out;
}

}  // namespace

bool is_secret_name(std::string_view name) {
  static constexpr std::array kAnywhere{
      "passw",  "passphrase", "secret",    "token",         "credential",
      "apikey", "accesskey",  "signature", "authorization", "oauthbearerconfig",
      "jaas"};
  static constexpr std::array kParts{" pass ", " pwd ", " key ", " sig ", " auth "};
  static constexpr std::array kPlaces{" location ", " url "};  // where a secret is, not what it is
  const Name normal = normalize(name);
  const auto has_part = [&](const char* part) { return normal.parts.find(part) != kNone; };
  if (std::any_of(kPlaces.begin(), kPlaces.end(), has_part)) return false;
  return std::any_of(kParts.begin(), kParts.end(), has_part) ||
         std::any_of(kAnywhere.begin(), kAnywhere.end(),
                     [&](const char* piece) { return normal.joined.find(piece) != kNone; });
}

std::string mask(std::string_view text) {
  std::string out;
  Marker(text).each_part(
      [&](std::string_view part, bool secret) { out += secret ? kRedacted : part; });
  return out;
}

std::string mask_argument(std::string_view argument) {
  const std::size_t sign = argument.find_first_of("=:");
  const std::string_view name = argument.substr(0, sign);
  if (sign == kNone || !is_name(name) || !is_secret_name(name)) return mask(argument);
  return std::string(argument.substr(0, sign + 1)) + std::string(kRedacted);
}

void add_secret(std::string_view secret) {
  if (secret.size() < kShortestSecret) return;
  Secrets& all = secrets();
  const std::scoped_lock lock(all.mutex);
  if (std::find(all.values.begin(), all.values.end(), secret) != all.values.end()) return;
  const auto shorter = std::find_if(all.values.begin(), all.values.end(), [&](const auto& value) {
    return value.size() < secret.size();
  });
  all.values.emplace(shorter, secret);
}

void add_secrets_of(std::string_view text) {
  Marker(text).each_part([](std::string_view part, bool secret) {
    if (!secret) return;
    add_secret(part);
    if (const std::size_t colon = part.find(':'); colon != kNone)
      add_secret(part.substr(colon + 1));
  });
}

std::string redact(std::string_view text) { return mask(hide_values(text)); }

}  // namespace ks::cli
