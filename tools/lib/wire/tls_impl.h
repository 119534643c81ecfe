#pragma once

#include <boost/asio/ssl.hpp>
#include <string>

#include "lib/cli/error.h"
#include "lib/wire/connection.h"

// For the files of this folder that use Boost.Asio: what a client's side of TLS needs besides it.
namespace ks::wire {

// With the authorities that `tls` trusts. Errors name the file.
cli::Result<boost::asio::ssl::context> make_tls_context(const Tls& tls);

// Before the handshake: the name or address that the certificate must be for, unless that does not
// count. An error is one that would leave it unchecked.
cli::Result<void> name_host(SSL* session, const Tls& tls, const std::string& host);

// Why the handshake failed: the certificate, or that there was none.
cli::Error handshake_error(SSL* session, const boost::system::error_code& error,
                           const Address& broker);

// Whether what came for a response's length is the beginning of what a TLS server says to bytes
// that are not TLS: a record of type alert and of a version 3.x (RFC 8446, 5.1).
bool is_tls_alert(std::uint32_t length);

}  // namespace ks::wire
