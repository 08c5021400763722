#include "gateway/wire.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <limits>

namespace papertape::gateway {
namespace {

namespace asio = boost::asio;

int Bounded(std::size_t size) { return static_cast<int>(std::min<std::size_t>(size, std::numeric_limits<int>::max())); }

}  // namespace

void Wire::Prepare() {
  ErrorCode ignored;
  socket_.non_blocking(true, ignored);
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
}

asio::ip::address Wire::peer() const {
  ErrorCode ignored;
  return socket_.remote_endpoint(ignored).address();
}

Wire::Handshake Wire::ShakeHands() {
  if (ssl_ == nullptr) return Handshake::kDone;
  // What another connection left in the thread's queue of errors is not about this one.
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_.get());
  if (result == 1) return Handshake::kDone;
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return Handshake::kReads;
    case SSL_ERROR_WANT_WRITE:
      return Handshake::kWrites;
    default:
      is_broken_ = true;
      return Handshake::kFailed;
  }
}

Wire::ErrorCode Wire::Failed(int result) {
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
      return asio::error::would_block;
    case SSL_ERROR_ZERO_RETURN:
      return asio::error::eof;
    default:
      is_broken_ = true;
      return asio::error::connection_aborted;
  }
}

bool Wire::HoldsMore() const { return ssl_ != nullptr && SSL_pending(ssl_.get()) > 0; }

std::size_t Wire::ReadTls(asio::mutable_buffer into, ErrorCode& error) {
  ERR_clear_error();
  const int got = SSL_read(ssl_.get(), into.data(), Bounded(into.size()));
  if (got > 0) return static_cast<std::size_t>(got);
  error = Failed(got);
  return 0;
}

std::size_t Wire::WriteTls(asio::const_buffer from, ErrorCode& error) {
  ERR_clear_error();
  int sent = 0;
  // One record at a time: on until the socket is full.
  std::size_t total = 0;
  for (; from.size() > 0; from += static_cast<std::size_t>(sent)) {
    sent = SSL_write(ssl_.get(), from.data(), Bounded(from.size()));
    if (sent <= 0) break;
    total += static_cast<std::size_t>(sent);
  }
  if (total == 0 && sent <= 0) error = Failed(sent);
  return total;
}

void Wire::SayGoodbye() {
  if (ssl_ == nullptr || is_broken_ || SSL_is_init_finished(ssl_.get()) != 1 || !socket_.is_open()) return;
  ERR_clear_error();
  SSL_shutdown(ssl_.get());  // if the socket takes it
}

void Wire::EndSending() {
  SayGoodbye();
  ErrorCode ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
}

void Wire::Close() {
  SayGoodbye();
  ErrorCode ignored;
  socket_.close(ignored);
}

}  // namespace papertape::gateway
