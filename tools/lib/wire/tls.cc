#include <boost/asio/ip/address.hpp>

#include "lib/cli/file.h"
#include "lib/wire/tls_impl.h"

namespace ks::wire {

namespace asio = boost::asio;
using boost::system::error_code;

cli::Result<asio::ssl::context> make_tls_context(const Tls& tls) {
  asio::ssl::context context(asio::ssl::context::tls_client);
  context.set_verify_mode(tls.verify ? asio::ssl::verify_peer : asio::ssl::verify_none);
  error_code error;
  if (tls.ca_file.empty()) {
    context.set_default_verify_paths(error);
    if (error) return cli::fail("cannot read the system's certificates", "", error.message());
    return context;
  }
  // OpenSSL does not say why a file cannot be read.
  if (const auto file = cli::read_file(tls.ca_file); !file) return tl::unexpected(file.error());
  context.load_verify_file(tls.ca_file, error);
  if (error) {
    return cli::fail("no certificates (" + error.message() + ")", tls.ca_file,
                     "give a file in PEM format");
  }
  return context;
}

cli::Result<void> name_host(SSL* session, const Tls& tls, const std::string& host) {
  error_code error;
  asio::ip::make_address(host, error);
  const bool is_name = error.failed();
  // For a server that has several certificates; never an address (RFC 6066, 3).
  if (is_name && SSL_set_tlsext_host_name(session, host.c_str()) != 1) {
    return cli::fail("TLS cannot ask for the host", host, "give a shorter name");
  }
  if (!tls.verify_host) return {};
  X509_VERIFY_PARAM* wanted = SSL_get0_param(session);
  const int set = is_name ? X509_VERIFY_PARAM_set1_host(wanted, host.c_str(), host.size())
                          : X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str());
  if (set == 1) return {};
  return cli::fail("TLS cannot check the host", host,
                   "give it as its certificate does: a name, or an address without a scope");
}

cli::Error handshake_error(SSL* session, const error_code& error, const Address& broker) {
  const std::string what = "TLS handshake failed (";
  const long verified = SSL_get_verify_result(session);
  if (verified == X509_V_OK) {
    return {what + error.message() + ")", broker.text(), "does this listener speak TLS?"};
  }
  const bool is_wrong_name =
      verified == X509_V_ERR_HOSTNAME_MISMATCH || verified == X509_V_ERR_IP_ADDRESS_MISMATCH;
  return {what + "certificate: " + X509_verify_cert_error_string(verified) + ")", broker.text(),
          is_wrong_name ? "give an address that the broker's certificate names"
                        : "has ssl.ca.location the authority that signed the certificate?"};
}

bool is_tls_alert(std::uint32_t length) {
  constexpr std::uint32_t kAlertOfVersion3 = 0x1503;
  return length >> 16 == kAlertOfVersion3;
}

}  // namespace ks::wire
