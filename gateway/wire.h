// A client's connection as bytes: a TCP socket, or TLS over one. Reading and writing never wait: they take what is
// there and say would_block otherwise; the Wait functions call back when it is worth another try. Movable; for one
// thread.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <cstddef>
#include <utility>

#include "gateway/tls.h"

namespace papertape::gateway {

class Wire {
 public:
  using Socket = boost::asio::ip::tcp::socket;
  using ErrorCode = boost::system::error_code;

  // Plain; or with `ssl`, which is that of the socket's handle, TLS after a handshake.
  explicit Wire(Socket socket, SslPtr ssl = nullptr) : socket_(std::move(socket)), ssl_(std::move(ssl)) {}

  // Ready for use: not waiting, small writes at once.
  void Prepare();
  [[nodiscard]] bool is_tls() const { return ssl_ != nullptr; }
  [[nodiscard]] boost::asio::ip::address peer() const;

  enum class Handshake { kDone, kReads, kWrites, kFailed };  // kReads, kWrites: go on when it is readable, writable
  Handshake ShakeHands();

  std::size_t ReadSome(boost::asio::mutable_buffer into, ErrorCode& error) {
    return ssl_ == nullptr ? socket_.read_some(into, error) : ReadTls(into, error);
  }
  std::size_t WriteSome(boost::asio::const_buffer from, ErrorCode& error) {
    return ssl_ == nullptr ? socket_.write_some(from, error) : WriteTls(from, error);
  }
  // `done(error)`, later.
  template <class Done>
  void WaitReadable(Done done) {
    if (HoldsMore()) {
      boost::asio::post(socket_.get_executor(), [done = std::move(done)]() mutable { done(ErrorCode()); });
    } else {
      socket_.async_wait(Socket::wait_read, std::move(done));
    }
  }
  template <class Done>
  void WaitWritable(Done done) {
    socket_.async_wait(Socket::wait_write, std::move(done));
  }

  // Says that nothing more is sent; what the client sends may still be read.
  void EndSending();
  void Close();

 private:
  // Decrypted bytes wait inside OpenSSL, of which the socket says nothing.
  [[nodiscard]] bool HoldsMore() const;
  std::size_t ReadTls(boost::asio::mutable_buffer into, ErrorCode& error);
  std::size_t WriteTls(boost::asio::const_buffer from, ErrorCode& error);
  ErrorCode Failed(int result);
  void SayGoodbye();

  Socket socket_;
  SslPtr ssl_;
  bool is_broken_ = false;  // OpenSSL must not be asked again
};

}  // namespace papertape::gateway
