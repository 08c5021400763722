// TLS at the gateway's port: the certificate that it shows, and one connection's state. OpenSSL stays behind this
// header and wire.h. TLS 1.2 at least, forward secrecy only, HTTP/1.1 by ALPN.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "absl/status/status.h"

using SSL_CTX = struct ssl_ctx_st;
using SSL = struct ssl_st;

namespace papertape::gateway {

struct TlsFiles {
  std::string certificate;  // PEM: the server's own, then those between it and the root
  std::string key;          // PEM
};

struct FreeSsl {
  void operator()(SSL* ssl) const;
};
using SslPtr = std::unique_ptr<SSL, FreeSsl>;

// The certificate in use. Thread-safe.
class TlsCertificate {
 public:
  explicit TlsCertificate(TlsFiles files) : files_(std::move(files)) {}

  // Reads the files, once before the first connection and whenever they may have changed: new connections get what they
  // hold now. Fails, and changes nothing, when one cannot be read or the key is not the certificate's.
  absl::Status Load();
  // The server's side of a connection over the open socket `handle`, before its handshake.
  [[nodiscard]] SslPtr NewConnection(int handle) const;

 private:
  const TlsFiles files_;
  mutable std::mutex mutex_;
  std::shared_ptr<SSL_CTX> context_;
};

}  // namespace papertape::gateway
