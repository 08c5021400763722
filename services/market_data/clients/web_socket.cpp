#include "services/market_data/clients/web_socket.h"

#include <openssl/ssl.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <optional>
#include <utility>

#include "fmt/format.h"
#include "libs/status/status.h"

namespace papertape::market {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using boost::system::error_code;
using Tcp = asio::ip::tcp;
using Plain = websocket::stream<beast::tcp_stream>;
using Encrypted = websocket::stream<beast::ssl_stream<beast::tcp_stream>>;

absl::Status Away(std::string_view what) {
  return Error(Reason::kPROVIDER_UNAVAILABLE, fmt::format("the stream {}", what));
}

bool IsThisMachine(std::string_view host) { return host == "127.0.0.1" || host == "::1" || host == "localhost"; }

}  // namespace

absl::StatusOr<StreamAddress> ParseStreamAddress(std::string_view text) {
  StreamAddress address;
  if (text.starts_with("wss://")) {
    text.remove_prefix(6);
    address.port = "443";
  } else if (text.starts_with("ws://")) {
    text.remove_prefix(5);
    address.encrypted = false;
    address.port = "80";
  } else {
    return absl::InvalidArgumentError("must begin with wss://");
  }
  if (text.find_first_of("?#@ ") != std::string_view::npos) {
    return absl::InvalidArgumentError("must be wss://host[:port][/path]");
  }
  const std::size_t slash = text.find('/');
  if (slash != std::string_view::npos) {
    address.path = text.substr(slash);
    text = text.substr(0, slash);
  }
  const std::size_t bracket = text.rfind(']');
  const std::size_t colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon != std::string_view::npos) {
    address.port = text.substr(colon + 1);
    text = text.substr(0, colon);
  }
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  address.host = text;
  const bool digits = address.port.find_first_not_of("0123456789") == std::string::npos;
  if (address.host.empty() || address.port.empty() || address.port.size() > 5 || !digits) {
    return absl::InvalidArgumentError("must be wss://host[:port][/path]");
  }
  if (!address.encrypted && !IsThisMachine(address.host)) {
    return absl::InvalidArgumentError("must begin with wss://: a key must not travel in the clear");
  }
  return address;
}

// The socket and the loop that it runs in. Each operation runs the loop on the caller's thread until it is done.
class WebSocket::Line {
 public:
  explicit Line(Options options) : options_(std::move(options)), tls_(asio::ssl::context::tls_client) {}

  absl::Status Open(std::chrono::milliseconds time) {
    PT_RETURN_IF_ERROR(MakeStream());
    Tcp::resolver resolver(io_);
    std::optional<Tcp::resolver::results_type> found;
    PT_RETURN_IF_ERROR(Await(time, "is at a host that cannot be found", [&](auto done) {
      resolver.async_resolve(options_.address.host, options_.address.port,
                             [&found, done](error_code error, Tcp::resolver::results_type results) {
                               found = std::move(results);
                               done(error);
                             });
    }));
    PT_RETURN_IF_ERROR(Await(time, "cannot be reached", [&](auto done) {
      Lowest().async_connect(*found, [done](error_code error, const Tcp::endpoint&) { done(error); });
    }));
    if (encrypted_) {
      PT_RETURN_IF_ERROR(Await(time, "shows no certificate that is trusted", [&](auto done) {
        encrypted_->next_layer().async_handshake(asio::ssl::stream_base::client, done);
      }));
    }
    return ShakeHands(time);
  }

  absl::Status Send(std::string_view text, std::chrono::milliseconds time) {
    return OnStream([&](auto& stream) {
      return Await(time, "takes nothing", [&](auto done) {
        stream.async_write(asio::buffer(text), [done](error_code error, std::size_t) { done(error); });
      });
    });
  }

  absl::StatusOr<std::string> Read(std::chrono::milliseconds time) {
    beast::flat_buffer buffer;
    PT_RETURN_IF_ERROR(OnStream([&](auto& stream) {
      return Await(time, "has ended or is silent", [&](auto done) {
        stream.async_read(buffer, [done](error_code error, std::size_t) { done(error); });
      });
    }));
    return beast::buffers_to_string(buffer.data());
  }

  void Interrupt() {
    asio::post(io_, [this] {
      interrupted_ = true;
      if (HasStream()) Lowest().close();
    });
    io_.stop();
  }

 private:
  absl::Status MakeStream() {
    if (!options_.address.encrypted) {
      plain_.emplace(io_);
      return absl::OkStatus();
    }
    error_code error;
    tls_.set_verify_mode(asio::ssl::verify_peer);
    if (options_.ca_file.empty()) {
      tls_.set_default_verify_paths(error);
    } else {
      tls_.load_verify_file(options_.ca_file, error);
    }
    if (error) return Away("has no certificates to be verified with");
    SSL_CTX_set_min_proto_version(tls_.native_handle(), TLS1_2_VERSION);
    encrypted_.emplace(io_, tls_);
    auto& ssl = encrypted_->next_layer();
    SSL_set_tlsext_host_name(ssl.native_handle(), options_.address.host.c_str());
    ssl.set_verify_callback(asio::ssl::host_name_verification(options_.address.host));
    return absl::OkStatus();
  }

  absl::Status ShakeHands(std::chrono::milliseconds time) {
    const StreamAddress& address = options_.address;
    const std::string target = options_.query.empty() ? address.path : address.path + "?" + options_.query;
    websocket::response_type response;
    const absl::Status shaken = OnStream([&](auto& stream) {
      // The deadlines are ours: those of the socket would end a handshake that a slow day takes a minute for.
      Lowest().expires_never();
      stream.set_option(
          websocket::stream_base::timeout{std::chrono::milliseconds(time), websocket::stream_base::none(), false});
      stream.read_message_max(options_.message_limit_bytes);
      return Await(time, "does not shake hands", [&](auto done) {
        stream.async_handshake(response, address.host + ":" + address.port, target, done);
      });
    });
    if (shaken.ok() || response.result_int() == 0) return shaken;
    const unsigned status = response.result_int();
    if (status == 401 || status == 403) {
      return Error(Reason::kPROVIDER_REFUSED, fmt::format("the stream answers {} to the handshake", status));
    }
    return Away(fmt::format("answers {} to the handshake", status));
  }

  // Starts an operation and runs the loop until it is done; `begin` is given what to call then.
  template <class Begin>
  absl::Status Await(std::chrono::milliseconds time, std::string_view what, Begin begin) {
    if (interrupted_) return Away("was interrupted");
    std::optional<error_code> outcome;
    io_.restart();
    begin([this, &outcome](error_code error) {
      outcome = error;
      io_.stop();  // timers of the handshake may still be running
    });
    io_.run_for(time);
    if (!outcome) {
      // Too slow, or interrupted: what was begun must end before its buffers do.
      interrupted_ = true;
      if (HasStream()) Lowest().close();
      io_.restart();
      while (!outcome && io_.run_one() > 0) io_.restart();
      return Away(what);
    }
    return *outcome ? Away(what) : absl::OkStatus();
  }

  template <class Operation>
  absl::Status OnStream(Operation operation) {
    if (encrypted_) return operation(*encrypted_);
    if (plain_) return operation(*plain_);
    return Away("is not open");
  }
  [[nodiscard]] bool HasStream() const { return encrypted_ || plain_; }
  beast::tcp_stream& Lowest() {
    return encrypted_ ? beast::get_lowest_layer(*encrypted_) : beast::get_lowest_layer(*plain_);
  }

  const Options options_;
  asio::io_context io_{1};
  asio::ssl::context tls_;
  std::optional<Plain> plain_;
  std::optional<Encrypted> encrypted_;
  bool interrupted_ = false;  // the loop's own
};

WebSocket::WebSocket(Options options) : line_(std::make_shared<Line>(std::move(options))) {}
WebSocket::~WebSocket() = default;

absl::Status WebSocket::Open(std::chrono::milliseconds time) { return line_->Open(time); }
absl::Status WebSocket::Send(std::string_view text, std::chrono::milliseconds time) { return line_->Send(text, time); }
absl::StatusOr<std::string> WebSocket::Read(std::chrono::milliseconds time) { return line_->Read(time); }
void WebSocket::Interrupt() { line_->Interrupt(); }

}  // namespace papertape::market
