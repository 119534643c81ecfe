#include "lib/cli/redact.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <mutex>
#include <vector>

namespace ks::cli {
namespace {

constexpr std::size_t kShortestSecret = 3;

struct Secrets {
  std::mutex mutex;
  std::vector<std::string> values;  // longest first, so that a secret inside another hides last
};

Secrets& secrets() {
  static Secrets instance;
  return instance;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

void add_secrets_of_urls(std::string_view text) {
  constexpr std::string_view kScheme = "://";
  for (std::size_t at = text.find(kScheme); at != std::string_view::npos;
       at = text.find(kScheme, at)) {
    at += kScheme.size();
    const std::string_view authority = text.substr(at, text.find_first_of("/?# ,", at) - at);
    const std::size_t user_end = authority.rfind('@');
    if (user_end == std::string_view::npos) continue;
    const std::string_view user_info = authority.substr(0, user_end);
    add_secret(user_info);
    const std::size_t colon = user_info.find(':');
    if (colon != std::string_view::npos) add_secret(user_info.substr(colon + 1));
  }
}

}  // namespace

void add_secret(std::string_view secret) {
  if (secret.size() < kShortestSecret) return;
  Secrets& all = secrets();
  const std::lock_guard lock(all.mutex);
  if (std::find(all.values.begin(), all.values.end(), secret) != all.values.end()) return;
  const auto shorter = std::find_if(all.values.begin(), all.values.end(), [&](const auto& value) {
    return value.size() < secret.size();
  });
  all.values.emplace(shorter, secret);
}

bool is_secret_name(std::string_view name) {
  static constexpr std::array kParts{"password",         "passphrase",
                                     "secret",           "token",
                                     "credential",       "ssl.key.pem",
                                     "access_key",       "access.key",
                                     "sasl.jaas.config", "sasl.oauthbearer.config"};
  const std::string text = lower(name);
  return std::any_of(kParts.begin(), kParts.end(),
                     [&](const char* part) { return text.find(part) != std::string::npos; });
}

void add_secrets_of(std::string_view argument) {
  const std::size_t equals = argument.find('=');
  if (equals != std::string_view::npos && is_secret_name(argument.substr(0, equals))) {
    add_secret(argument.substr(equals + 1));
  }
  add_secrets_of_urls(argument);
}

std::string redact(std::string_view text) {
  Secrets& all = secrets();
  const std::lock_guard lock(all.mutex);
  std::string out(text);
  for (const std::string& secret : all.values) {
    for (std::size_t at = out.find(secret); at != std::string::npos;
         at = out.find(secret, at + kRedacted.size())) {
      out.replace(at, secret.size(), kRedacted);
    }
  }
  return out;
}

}  // namespace ks::cli
