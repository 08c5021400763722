// One HTTP request as it arrives: Beast's parser feeding a compact record (three allocations that are kept from request
// to request, where Beast's own fields make one a header). Not thread-safe.
#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace papertape::gateway {

using HeaderName = boost::beast::http::field;

class HttpRequest {
 public:
  [[nodiscard]] std::string_view verb() const { return At(verb_); }
  [[nodiscard]] std::string_view target() const { return At(target_); }
  [[nodiscard]] std::string_view path() const { return target().substr(0, target().find('?')); }
  [[nodiscard]] std::string_view query() const;
  [[nodiscard]] const std::string& body() const { return body_; }
  // The first of that name; empty when there is none.
  [[nodiscard]] std::string_view Header(HeaderName name) const;
  [[nodiscard]] std::string_view Header(std::string_view lower_case_name) const;
  // All of that name, in the order in which they came.
  [[nodiscard]] std::vector<std::string_view> Headers(std::string_view lower_case_name) const;
  [[nodiscard]] bool is_http_1_0() const { return version_ == 10; }

 private:
  friend class HttpParser;
  friend class HttpSession;
  struct Span {
    std::uint32_t begin = 0;
    std::uint32_t length = 0;
  };
  struct Field {
    HeaderName name;
    Span name_text;
    Span value;
  };
  [[nodiscard]] std::string_view At(Span span) const { return std::string_view(head_).substr(span.begin, span.length); }
  Span Keep(std::string_view text);
  void Clear();
  // Gives the memory of a large body back.
  void DropBody();

  std::string head_;  // verb, target, names and values one after another
  std::vector<Field> fields_;
  Span verb_;
  Span target_;
  int version_ = 11;
  std::string body_;
};

// Parses one request into `request`. The whole head counts towards the limit, however it is cut.
class HttpParser final : public boost::beast::http::basic_parser<true> {
 public:
  // Asked once, with the head read, when the body is larger than the limit: how large it may be.
  using RaiseLimit = std::function<std::uint64_t()>;

  HttpParser(HttpRequest& request, std::size_t head_limit, std::uint64_t body_limit_bytes, RaiseLimit raise = {});

 private:
  using string_view = boost::beast::string_view;
  using verb = boost::beast::http::verb;
  using field = boost::beast::http::field;
  using error_code = boost::beast::error_code;

  void on_request_impl(verb method, string_view method_text, string_view target, int version, error_code& ec) override;
  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_field_impl(field name, string_view name_text, string_view value, error_code& ec) override;
  void on_header_impl(error_code& ec) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override;
  std::size_t on_body_impl(string_view text, error_code& ec) override;
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view text, error_code& ec) override;
  void on_finish_impl(error_code&) override {}

  // Whether a body of that size is accepted.
  bool Fits(std::uint64_t body_bytes);

  HttpRequest& request_;
  const std::size_t head_limit_;
  std::uint64_t body_limit_;
  RaiseLimit raise_;  // empty once it was asked
};

}  // namespace papertape::gateway
