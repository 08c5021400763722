#include "gateway/http_request.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace papertape::gateway {
namespace {

// What is kept between requests; more goes back to the allocator.
constexpr std::size_t kKeptBytes = 4'096;

std::string_view Std(boost::beast::string_view text) { return {text.data(), text.size()}; }

bool EqualsLowerCase(std::string_view text, std::string_view lower_case) {
  return std::equal(text.begin(), text.end(), lower_case.begin(), lower_case.end(),
                    [](unsigned char a, char b) { return std::tolower(a) == b; });
}

}  // namespace

std::string_view HttpRequest::query() const {
  const std::string_view all = target();
  const std::size_t mark = all.find('?');
  if (mark == std::string_view::npos) return {};
  return all.substr(mark + 1,
                    all.find('#') == std::string_view::npos ? std::string_view::npos : all.find('#') - mark - 1);
}

std::string_view HttpRequest::Header(HeaderName name) const {
  const auto found = std::find_if(fields_.begin(), fields_.end(), [&](const Field& f) { return f.name == name; });
  return found == fields_.end() ? std::string_view() : At(found->value);
}

std::string_view HttpRequest::Header(std::string_view lower_case_name) const {
  const auto found = std::find_if(fields_.begin(), fields_.end(),
                                  [&](const Field& f) { return EqualsLowerCase(At(f.name_text), lower_case_name); });
  return found == fields_.end() ? std::string_view() : At(found->value);
}

std::vector<std::string_view> HttpRequest::Headers(std::string_view lower_case_name) const {
  std::vector<std::string_view> values;
  for (const Field& field : fields_) {
    if (EqualsLowerCase(At(field.name_text), lower_case_name)) values.push_back(At(field.value));
  }
  return values;
}

HttpRequest::Span HttpRequest::Keep(std::string_view text) {
  const Span span{static_cast<std::uint32_t>(head_.size()), static_cast<std::uint32_t>(text.size())};
  head_.append(text);
  return span;
}

void HttpRequest::Clear() {
  head_.clear();
  fields_.clear();
  body_.clear();
  verb_ = target_ = {};
  version_ = 11;
  if (head_.capacity() > kKeptBytes) head_ = {};
  DropBody();
}

void HttpRequest::DropBody() {
  if (body_.capacity() > kKeptBytes) body_ = {};
}

HttpParser::HttpParser(HttpRequest& request, std::size_t head_limit, std::uint64_t body_limit_bytes, RaiseLimit raise)
    : request_(request), head_limit_(head_limit), body_limit_(body_limit_bytes), raise_(std::move(raise)) {
  request_.Clear();
  header_limit(static_cast<std::uint32_t>(head_limit));
  body_limit(boost::none);  // ours depends on the head
  eager(true);
}

void HttpParser::on_request_impl(verb, string_view method_text, string_view target, int version, error_code&) {
  request_.verb_ = request_.Keep(Std(method_text));
  request_.target_ = request_.Keep(Std(target));
  request_.version_ = version;
}

void HttpParser::on_field_impl(field name, string_view name_text, string_view value, error_code& ec) {
  if (request_.head_.size() + name_text.size() + value.size() > head_limit_) {
    ec = boost::beast::http::error::header_limit;
    return;
  }
  // One after the other: the order in which arguments are evaluated is not said.
  const HttpRequest::Span name_span = request_.Keep(Std(name_text));
  request_.fields_.push_back({name, name_span, request_.Keep(Std(value))});
}

void HttpParser::on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) {
  // Not more at once than a liar could make us hold.
  if (length) request_.body_.reserve(std::min<std::uint64_t>(*length, 65'536));
}

bool HttpParser::Fits(std::uint64_t body_bytes) {
  if (body_bytes > body_limit_ && raise_) body_limit_ = std::max(body_limit_, std::exchange(raise_, {})());
  return body_bytes <= body_limit_;
}

// Refused before a byte of the body is read, where the head says how long it is.
void HttpParser::on_header_impl(error_code& ec) {
  if (const auto length = content_length(); length && !Fits(*length)) ec = boost::beast::http::error::body_limit;
}

std::size_t HttpParser::on_body_impl(string_view text, error_code& ec) {
  if (!Fits(request_.body_.size() + text.size())) {
    ec = boost::beast::http::error::body_limit;
    return 0;
  }
  request_.body_.append(text.data(), text.size());
  return text.size();
}

std::size_t HttpParser::on_chunk_body_impl(std::uint64_t, string_view text, error_code& ec) {
  return on_body_impl(text, ec);
}

}  // namespace papertape::gateway
