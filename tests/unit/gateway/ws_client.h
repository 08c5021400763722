// Beast's WebSocket client with a deadline on every wait.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "tests/unit/gateway/raw_client.h"

namespace papertape::gateway::testing {

class WsClient {
 public:
  // status() is 101 when the handshake worked, else the HTTP status of the refusal. `bearer` may be empty.
  WsClient(std::uint16_t port, const std::string& target, const std::string& bearer = "") {
    stream_.next_layer().connect({boost::asio::ip::make_address("127.0.0.1"), port});
    stream_.set_option(
        boost::beast::websocket::stream_base::decorator([bearer](boost::beast::websocket::request_type& request) {
          if (!bearer.empty()) request.set(boost::beast::http::field::authorization, "Bearer " + bearer);
        }));
    boost::beast::websocket::response_type response;
    boost::beast::error_code error = boost::asio::error::timed_out;
    stream_.async_handshake(response, "test", target, [&](boost::beast::error_code result) { error = result; });
    Run();
    status_ = error ? static_cast<int>(response.result_int()) : 101;
  }

  [[nodiscard]] int status() const { return status_; }

  void Send(std::string_view text) {
    stream_.text(true);
    stream_.async_write(boost::asio::buffer(text), [](boost::beast::error_code, std::size_t) {});
    Run();
  }

  // The next message; nothing at the end or when none came in time.
  std::optional<std::string> Read() {
    boost::beast::flat_buffer buffer;
    boost::beast::error_code error = boost::asio::error::timed_out;
    stream_.async_read(buffer, [&](boost::beast::error_code result, std::size_t) { error = result; });
    Run();
    if (error) return std::nullopt;
    return boost::beast::buffers_to_string(buffer.data());
  }

  // The next message that contains `part`; empty when none comes.
  std::string ReadUntil(std::string_view part) {
    while (const auto message = Read()) {
      if (message->find(part) != std::string::npos) return *message;
    }
    return "";
  }

  // Reads to the end; the code that the server closed with, 0 when it did not say goodbye.
  int CloseCode() {
    while (Read()) {
    }
    return stream_.reason().code;
  }

  void Close() {
    stream_.async_close(boost::beast::websocket::close_code::normal, [](boost::beast::error_code) {});
    Run();
  }
  boost::asio::ip::tcp::socket& socket() { return stream_.next_layer(); }

 private:
  void Run() {
    context_.restart();
    context_.run_for(kPatience);
  }

  boost::asio::io_context context_;
  boost::beast::websocket::stream<boost::asio::ip::tcp::socket> stream_{context_};
  int status_ = 0;
};

}  // namespace papertape::gateway::testing
