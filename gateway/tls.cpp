#include "gateway/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <string_view>

#include "fmt/format.h"
#include "libs/status/status.h"

namespace papertape::gateway {
namespace {

// Forward secrecy and authenticated encryption; TLS 1.3's own suites are all so.
constexpr char kCiphersOfTls12[] =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

absl::Status Wrong(std::string_view what, const std::string& file) {
  const std::string why = ERR_reason_error_string(ERR_peek_last_error()) != nullptr
                              ? ERR_reason_error_string(ERR_peek_last_error())
                              : "it cannot be read";
  ERR_clear_error();
  return absl::InvalidArgumentError(fmt::format("{} {}: {}", what, file, why));
}

// A client that offers protocols must offer HTTP/1.1; most offer h2 first.
int ChooseHttp11(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in,
                 unsigned int in_size, void*) {
  static constexpr std::array<unsigned char, 9> kOurs{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_size, kOurs.data(), kOurs.size(), in, in_size) != OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

absl::StatusOr<std::shared_ptr<SSL_CTX>> MakeContext(const TlsFiles& files) {
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  SSL_CTX* const raw = context.get();
  SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(raw, kCiphersOfTls12);
  SSL_CTX_set_options(raw, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF |
                               SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  // Writes are given again from where they stopped; a resting connection holds no buffer.
  SSL_CTX_set_mode(raw, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(raw, ChooseHttp11, nullptr);
  ERR_clear_error();
  if (SSL_CTX_use_certificate_chain_file(raw, files.certificate.c_str()) != 1) {
    return Wrong("the TLS certificate", files.certificate);
  }
  if (SSL_CTX_use_PrivateKey_file(raw, files.key.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(raw) != 1) {
    return Wrong("the TLS key", files.key);
  }
  return context;
}

}  // namespace

void FreeSsl::operator()(SSL* ssl) const { SSL_free(ssl); }

absl::Status TlsCertificate::Load() {
  PT_ASSIGN_OR_RETURN(std::shared_ptr<SSL_CTX> context, MakeContext(files_));
  const std::lock_guard lock(mutex_);
  context_ = std::move(context);
  return absl::OkStatus();
}

SslPtr TlsCertificate::NewConnection(int handle) const {
  const std::lock_guard lock(mutex_);
  SslPtr ssl(SSL_new(context_.get()));
  SSL_set_accept_state(ssl.get());
  SSL_set_fd(ssl.get(), handle);
  return ssl;
}

}  // namespace papertape::gateway
