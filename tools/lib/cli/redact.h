#pragma once

#include <string>
#include <string_view>

// What is secret, and where it is hidden.
//
// By place: the value of a setting whose name is that of a secret (sasl.password=…, ?api_key=…) and
// the user part of a URL or an address. Command lines, URLs and addresses are shown through mask().
// By value: whoever reads a secret registers it; messages, reasons and evidence, which may quote it
// anywhere, are shown through redact().
//
// Names, statuses, numbers and data are never searched for values: a password may be a common word.
namespace ks::cli {

inline constexpr std::string_view kRedacted = "***";

// Whether a setting of this name is a password, token, key or other secret.
bool is_secret_name(std::string_view name);

// `text` without what is secret by its place.
std::string mask(std::string_view text);

// The same for one argument of a command line: `name=value`, and `name:value` where the sign was
// mistaken, are hidden to the end if the name is that of a secret.
std::string mask_argument(std::string_view argument);

// From now on redact() hides this value. One of fewer than 6 characters is not: it would be found
// in ordinary words, which says more than it hides.
void add_secret(std::string_view secret);

// Registers what is secret in `text` by its place.
void add_secrets_of(std::string_view text);

// `text`, which is for people, without secrets of either kind.
std::string redact(std::string_view text);

}  // namespace ks::cli
