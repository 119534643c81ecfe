#pragma once

#include <string>
#include <string_view>

namespace ks::cli {

inline constexpr std::string_view kRedacted = "***";

// From now on every text that passes redact() has `secret` replaced. Very short secrets are
// ignored: replacing "a" everywhere would garble the output without hiding anything.
void add_secret(std::string_view secret);

// Whether a librdkafka property (or any key) names a password, token, key or other secret.
bool is_secret_name(std::string_view name);

// Registers the secret parts of an argument: the value of a secret `name=value`, and the user-info
// of every URL in it.
void add_secrets_of(std::string_view argument);

// `text` without any registered secret. Everything a tool prints or writes goes through here.
std::string redact(std::string_view text);

}  // namespace ks::cli
