// Whatever comes as a form, its type in the first line: it is refused, or its parts lie in the body one after another,
// and weaving them into a request crashes nothing. In a request, chunked or not, cut into random pieces, it is the
// same.
#include <boost/asio/buffer.hpp>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <random>
#include <string>
#include <string_view>

#include "fmt/format.h"
#include "gateway/form_weaver.h"
#include "gateway/http_request.h"
#include "gateway/multipart.h"
#include "papertape/test/v1/workshop_service.pb.h"

namespace {

using namespace papertape;

std::size_t UpTo(std::size_t most, std::minstd_rand& random) { return 1 + random() % most; }

// What the type and the body of a POST are when its bytes arrive in random pieces; nothing when it is refused.
std::optional<gateway::HttpRequest> Arrive(std::string_view bytes, std::minstd_rand& random) {
  gateway::HttpRequest request;
  gateway::HttpParser parser(request, 16'384, 100'000);
  boost::beast::error_code error;
  std::string held;
  while (!bytes.empty() && !parser.is_done()) {
    const std::size_t piece = std::min(UpTo(300, random), bytes.size());
    held.append(bytes.substr(0, piece));
    bytes.remove_prefix(piece);
    held.erase(0, parser.put(boost::asio::buffer(held), error));
    if (error && error != boost::beast::http::error::need_more) return std::nullopt;
  }
  if (!parser.is_done()) std::abort();
  return request;
}

std::string Chunked(std::string_view body, std::minstd_rand& random) {
  std::string bytes;
  while (!body.empty()) {
    const std::string_view chunk = body.substr(0, UpTo(200, random));
    bytes += fmt::format("{:x}\r\n{}\r\n", chunk.size(), chunk);
    body.remove_prefix(chunk.size());
  }
  return bytes + "0\r\n\r\n";
}

void ArriveWhole(std::string_view type, std::string_view body, std::minstd_rand& random) {
  const std::string head = fmt::format("POST /pictures HTTP/1.1\r\nContent-Type: {}\r\n", type);
  const std::string with_length = fmt::format("{}Content-Length: {}\r\n\r\n{}", head, body.size(), body);
  const std::string chunked = head + "Transfer-Encoding: chunked\r\n\r\n" + Chunked(body, random);
  for (const std::string& bytes : {with_length, chunked}) {
    const auto request = Arrive(bytes, random);
    // A type that is no header's value is refused with the head.
    if (request && (request->body() != body)) std::abort();
    if (request && gateway::ParseForm(request->Header("content-type"), request->body()).ok() !=
                       gateway::ParseForm(request->Header("content-type"), body).ok()) {
      std::abort();
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string_view type = text.substr(0, text.find('\n'));
  const std::string_view body = text.substr(std::min(text.size(), type.size() + 1));
  std::minstd_rand random(static_cast<unsigned int>(std::hash<std::string_view>()(text)));
  if (type.find('\r') == std::string_view::npos) ArriveWhole(type, body, random);
  const auto parts = gateway::ParseForm(type, body);
  if (!parts.ok()) return 0;
  if (parts->size() > gateway::kMaxFormParts) std::abort();
  const char* end = body.data();
  for (const gateway::FormPart& part : *parts) {
    if (part.name.empty() || part.content.data() < end) std::abort();
    end = part.content.data() + part.content.size();
    if (end > body.data() + body.size()) std::abort();
  }
  test::v1::HangPicturesRequest request;
  Violations violations;
  gateway::WeaveForm(*parts, json::PlanOf(*request.GetDescriptor()), request, violations);
  if (request.pictures_size() > static_cast<int>(gateway::kMaxFormParts)) std::abort();
  return 0;
}
