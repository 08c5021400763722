// A client that speaks bytes: it can send requests that no HTTP library would. Every wait has a deadline.
#pragma once

#include <poll.h>
#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

namespace papertape::gateway::testing {

inline constexpr std::chrono::milliseconds kPatience{10'000};

struct RawResponse {
  int status = 0;
  std::string head;
  std::string body;
  // Empty when there is none. Names as the gateway writes them.
  [[nodiscard]] std::string Header(std::string_view name) const {
    const std::size_t at = head.find("\r\n" + std::string(name) + ": ");
    if (at == std::string::npos) return "";
    const std::size_t begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
};

class RawClient {
 public:
  explicit RawClient(std::uint16_t port) {
    socket_.connect({boost::asio::ip::make_address("127.0.0.1"), port});
    socket_.set_option(boost::asio::ip::tcp::no_delay(true));
  }

  // False once the other side has closed.
  bool Send(std::string_view bytes) {
    boost::system::error_code error;
    boost::asio::write(socket_, boost::asio::buffer(bytes), error);
    return !error;
  }

  // The next answer; nothing when the connection ended or nothing came in time. `head_only` after HEAD.
  std::optional<RawResponse> Read(bool head_only = false) {
    std::size_t end = std::string::npos;
    while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
      if (!Receive()) return std::nullopt;
    }
    RawResponse response;
    response.head = received_.substr(0, end + 4);
    response.status = std::atoi(response.head.substr(9, 3).c_str());
    received_.erase(0, end + 4);
    const std::string length = response.Header("Content-Length");
    const std::size_t size = head_only || length.empty() ? 0 : std::stoul(length);
    while (received_.size() < size) {
      if (!Receive()) return std::nullopt;
    }
    response.body = received_.substr(0, size);
    received_.erase(0, size);
    return response;
  }

  std::optional<RawResponse> Ask(std::string_view request) {
    Send(request);
    return Read();
  }

  // True when the other side ends the connection in time, whatever it says before.
  bool Ended() {
    while (Receive()) {
    }
    return ended_;
  }

  // At least one byte more, in received(); false at the end or after kPatience.
  bool Receive() {
    pollfd poll_for{socket_.native_handle(), POLLIN, 0};
    if (::poll(&poll_for, 1, static_cast<int>(kPatience.count())) <= 0) return false;
    char buffer[65'536];
    const ssize_t got = ::recv(socket_.native_handle(), buffer, sizeof buffer, 0);
    ended_ = got <= 0;
    if (got > 0) received_.append(buffer, static_cast<std::size_t>(got));
    return got > 0;
  }

  std::string& received() { return received_; }
  void HangUp() { socket_.close(); }

 private:
  boost::asio::io_context context_;
  boost::asio::ip::tcp::socket socket_{context_};
  std::string received_;
  bool ended_ = false;
};

// "GET /path HTTP/1.1" with a Host and the given header lines.
inline std::string Get(std::string_view path, std::string_view headers = "") {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: test\r\n" + std::string(headers) + "\r\n";
}

inline std::string WithBody(std::string_view verb, std::string_view path, std::string_view body,
                            std::string_view headers = "Content-Type: application/json\r\n") {
  return std::string(verb) + " " + std::string(path) + " HTTP/1.1\r\nHost: test\r\n" + std::string(headers) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

}  // namespace papertape::gateway::testing
